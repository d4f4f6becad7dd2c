using TorchSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Chat.Tests;

/// <summary>
/// A language model as a backbone of texts: the hidden state of the last token, from a folder and from GGUF, under the strategies of classes.
/// </summary>
public sealed class TextBackboneTests(TinyModel tiny) : IClassFixture<TinyModel>, IDisposable
{
    private static readonly string[] s_texts = ["Where is my parcel?", "no", "Money back, please: I was charged twice for one and the same thing.", "한글"];
    private static readonly ComputeDevice s_compute = ComputeDevice.Choose("cpu", "float32");
    private readonly string _folder = Directory.CreateTempSubdirectory("texts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Features_are_the_last_token_s_hidden_state_however_texts_are_padded()
    {
        Backbone backbone = PublishedFiles.Open(tiny.Folder);
        float[][] together = Features(backbone, s_texts);
        LanguageModelFiles files = LanguageModelFiles.Open(tiny.Folder);
        using TransferNetwork network = files.CreateNetwork();
        using IDisposable noGradient = no_grad();

        Assert.Equal(InputKind.Text, backbone.Encoder.Kind);
        Assert.Contains("a text's last token", backbone.Card.Assumed, StringComparison.Ordinal);
        foreach ((string text, float[] row) in s_texts.Zip(together))
        {
            using DisposeScope scope = NewDisposeScope();
            long[] ids = files.Tokenizer.Encode(text);
            float[] expected = network.Hidden(tensor(ids, [1, ids.Length]), 0)[0, -1].data<float>().ToArray();
            AssertClose(expected, row);
            AssertClose(Features(backbone, [text])[0], row);
        }

        Assert.Equal(32, Features(backbone, [""])[0].Length); // Without a token there is padding to pool.
    }

    [Fact]
    public void A_GGUF_file_gives_the_features_of_the_folder_that_it_was_made_from()
    {
        string path = Path.Combine(_folder, "tiny.gguf");
        using (LanguageModel model = tiny.Open())
        {
            model.SaveGguf(path, "F32");
        }

        foreach ((float[] folder, float[] gguf) in Features(PublishedFiles.Open(tiny.Folder), s_texts).Zip(Features(PublishedFiles.Open(path), s_texts)))
        {
            AssertClose(folder, gguf);
        }
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("full")]
    [InlineData("lora")]
    public void Strategies_of_classes_train_it_and_what_is_saved_predicts_the_same(string name)
    {
        TransferStrategy strategy = (TransferStrategy)StrategyCatalog.Find(name);
        strategy = name == "frozen" ? strategy : strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 2 })] };
        LabeledData data = Data();
        Backbone backbone = PublishedFiles.Open(tiny.Folder);
        using FitResult fitted = new Learner(backbone, s_compute, new()).Fit(strategy, data.Train, data.Classes, seed: 1);
        string path = Path.Combine(_folder, name + ".safetensors");
        fitted.Model.Save(path);
        using TrainedModel opened = ModelFile.Load(path, s_compute);

        IReadOnlyList<float[]> predicted = fitted.Model.Predict(data.Test).Probabilities, again = opened.Predict(data.Test).Probabilities;
        Assert.All(predicted.Zip(again), pair => AssertClose(pair.First, pair.Second));
    }

    [Fact]
    public void Another_pooling_is_refused_in_one_line()
    {
        string message = Assert.Throws<WeightsException>(() => PublishedFiles.Open(tiny.Folder, new() { Pooling = Pooling.Mean })).Message;

        Assert.Contains("last token", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(8, ((TextEncoder)PublishedFiles.Open(tiny.Folder, new() { MaxTokens = 8 }).Encoder).MaxTokens);
    }

    private static float[][] Features(Backbone backbone, IReadOnlyList<string> texts) =>
        [.. BackboneFeatures.Compute(backbone, [.. texts.Select((text, i) => new Example($"{i}", text, 0))], s_compute).Rows];

    private static LabeledData Data()
    {
        Example[] all =
            [.. Enumerable.Range(0, 24).Select(i => new Example($"{i}", $"{(i % 2 == 0 ? "the parcel is late" : "money back please")} {i}", i % 2))];
        return new() { Name = "two", Classes = ["late", "money"], Train = all[..16], Test = all[16..] };
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * Math.Max(1, Math.Abs(pair.First))));
    }
}
