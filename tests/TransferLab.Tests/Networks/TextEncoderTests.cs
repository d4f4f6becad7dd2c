using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class TextEncoderTests
{
    private static readonly Example[] s_texts = [.. SmallText.Task().Train];

    [Fact]
    public void A_text_is_split_once_however_often_it_is_asked_for()
    {
        TextEncoder encoder = (TextEncoder)SmallText.Create().Encoder;
        long first = Allocated(), again = Allocated();
        Assert.InRange(again, 0, first / 4);

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (Example text in s_texts)
            {
                encoder.LengthOf(text);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void What_is_kept_is_what_the_tokenizer_gives()
    {
        TextEncoder encoder = (TextEncoder)SmallText.Create().Encoder;
        using torch.Tensor encoded = encoder.Encode(s_texts, views: null, CancellationToken.None);
        long[][] tokens = [.. s_texts.Select(text => encoder.Tokens(text.Source, encoder.MaxTokens))];
        int longest = tokens.Max(text => text.Length);
        Assert.Equal([s_texts.Length, longest], encoded.shape);
        Assert.Equal(tokens.SelectMany(text => text.Concat(Enumerable.Repeat(encoder.Padding, longest - text.Length))), encoded.data<long>().ToArray());
        Assert.Equal(tokens.Select(text => text.Length), s_texts.Select(encoder.LengthOf));
        Assert.Equal(tokens.SelectMany(text => text).Append(encoder.Padding).Distinct().Order(), encoder.SymbolsIn(s_texts));
    }
}
