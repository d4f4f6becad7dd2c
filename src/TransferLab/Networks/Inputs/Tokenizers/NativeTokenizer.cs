using System.Text;
using TransferLab.Runtime;
using Native = Tokenizers.DotNet.Tokenizer;
using NativeException = Tokenizers.DotNet.TokenizerException;

namespace TransferLab.Networks;

/// <summary>Hugging Face's tokenizer, made from the text of a <c>tokenizer.json</c>. Several threads may use it.</summary>
internal sealed class NativeTokenizer
{
    // Its pattern matcher gives up, and takes the process along, on texts of tens of millions of characters.
    private const int LongestText = 4_000_000;
    private readonly string _origin;
    private readonly Native _native;

    /// <param name="json">A checked <c>tokenizer.json</c>, UTF-8.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    public NativeTokenizer(ReadOnlySpan<byte> json, string origin)
    {
        TokenizerLibrary.Require();
        _origin = origin;
        string path = Path.Combine(Path.GetTempPath(), $"transferlab-tokenizer-{Guid.NewGuid():N}.json"); // It reads files alone.
        try
        {
            using (FileStream file = new(path, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(json);
            }

            _native = new(path);
        }
        catch (NativeException e)
        {
            throw new TokenizerException($"{origin}: the tokenizer cannot be built ({OneLine(e.Message)}).", e);
        }
        catch (DllNotFoundException)
        {
            throw TokenizerLibrary.Missing();
        }
        finally
        {
            File.Delete(path);
        }
    }

    public long[] Encode(string text)
    {
        if (text.Length > LongestText)
        {
            throw new ArgumentException(
                $"A text of {text.Length:N0} characters is longer than the tokenizer takes ({LongestText:N0}): split it.", nameof(text));
        }

        try
        {
            return Array.ConvertAll(_native.Encode(WellFormed(text)), id => (long)id);
        }
        catch (NativeException e)
        {
            throw new TokenizerException($"{_origin}: a text cannot be split ({OneLine(e.Message)}).", e);
        }
    }

    public string Decode(IReadOnlyCollection<long> ids)
    {
        try
        {
            return ids.Count == 0 ? "" : _native.Decode([.. ids.Select(id => (uint)id)]);
        }
        catch (NativeException e)
        {
            throw new TokenizerException($"{_origin}: ids cannot be joined to a text ({OneLine(e.Message)}).", e);
        }
    }

    /// <summary>Half a surrogate pair becomes U+FFFD, as in UTF-8.</summary>
    private static string WellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }

        return text;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
