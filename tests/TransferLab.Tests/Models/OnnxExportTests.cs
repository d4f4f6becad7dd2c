using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Prediction;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;
using Tensor = TorchSharp.torch.Tensor;

namespace TransferLab.Tests.Models;

/// <summary>Exported networks in ONNX Runtime against the networks themselves.</summary>
[Collection(TorchCollection.Name)]
public sealed class OnnxExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ChannelOrder.Rgb)]
    [InlineData(ChannelOrder.Bgr)]
    public void An_image_network_gives_the_same_probabilities(ChannelOrder order)
    {
        using SmallTask task = new();
        float[] mean = [.. Enumerable.Range(0, 3 * 8 * 8).Select(i => 90f + i)];
        Backbone backbone = SmallBackbone.CreateNamed() with { Encoder = new ImageEncoder(32, mean, deviation: 58, order) };
        using FitResult fitted = Fit(backbone, task.Data);
        IReadOnlyList<float[]> expected = fitted.Model.Predict(task.Data.Test).Probabilities;
        using Tensor raw = backbone.Encoder.Encode(task.Data.Test, null, default);
        using Tensor planes = raw.permute(0, 3, 1, 2).to(TorchSharp.torch.ScalarType.Float32).contiguous();
        Check(fitted.Model, expected,
            [NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(planes.data<float>().ToArray(), [.. planes.shape.Select(size => (int)size)]))]);
    }

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.First)]
    public void A_text_network_gives_the_same_probabilities_padding_included(Pooling pooling)
    {
        LabeledData data = SmallText.Task();
        Backbone backbone = SmallText.Create(pooling);
        using FitResult fitted = Fit(backbone, data);
        IReadOnlyList<float[]> expected = fitted.Model.Predict(data.Test).Probabilities;
        using Tensor ids = backbone.Encoder.Encode(data.Test, null, default);
        int[] shape = [.. ids.shape.Select(size => (int)size)];
        long[] tokens = ids.data<long>().ToArray();
        Check(fitted.Model, expected,
        [
            NamedOnnxValue.CreateFromTensor("input_ids", new DenseTensor<long>(tokens, shape)),
            NamedOnnxValue.CreateFromTensor("attention_mask", new DenseTensor<long>(tokens.Select(id => id == 0 ? 0L : 1L).ToArray(), shape)),
        ]);
    }

    [Fact]
    public void From_files_and_texts_to_labels_as_the_network()
    {
        using SmallTask task = new();
        using FitResult images = Fit(SmallBackbone.CreateNamed(), task.Data);
        LabeledData topics = SmallText.Task();
        using FitResult texts = Fit(SmallText.Create(), topics);
        foreach ((FitResult fitted, LabeledData data) in ((FitResult, LabeledData)[])[(images, task.Data), (texts, topics)])
        {
            string path = Path.Combine(_folder.Path, "model.onnx");
            fitted.Model.ExportOnnx(path);
            string[] sources = [.. data.Test.Select(example => example.Source)];
            using OnnxModel model = OnnxModel.Load(path), quick = OnnxModel.Load(path, quickStart: true);

            IReadOnlyList<float[]> found = model.Predict(sources);

            Assert.Equal(fitted.Model.Kind.Name, model.Kind);
            Assert.Equal(data.Classes, model.Classes);
            Assert.InRange(Worst(fitted.Model.Predict(data.Test).Probabilities, found), 0, 1e-4f);
            Assert.InRange(Worst(found, quick.Predict(sources)), 0, 1e-5f);
        }
    }

    [Fact]
    public void An_unreadable_image_is_told_as_that_whatever_thread_met_it()
    {
        Backbone backbone = SmallBackbone.CreateNamed();
        string path = Path.Combine(_folder.Path, "model.onnx"), broken = Path.Combine(_folder.Path, "broken.png");
        using (NetworkModel network = new(new TransferNetwork(backbone.CreatePretrained(), 2, seed: 1), backbone.Encoder, backbone.Architecture,
            SmallBackbone.Compute)
        { Classes = ["a", "b"] })
        {
            network.ExportOnnx(path);
        }

        File.WriteAllText(broken, "not a picture");
        using OnnxModel model = OnnxModel.Load(path);
        Assert.Equal(broken, Assert.Throws<UnreadableImageException>(() => model.Predict([broken, broken])).Path);
        Assert.Equal(broken, Assert.Throws<UnreadableImageException>(() => backbone.Encoder.Encode([new("broken", broken, 0)], null, default)).Path);
    }

    [Fact]
    public void An_index_of_examples_votes_the_same()
    {
        using SmallTask task = new();
        using FitResult fitted = new Learner(SmallBackbone.CreateNamed(), SmallBackbone.Compute, new()).Fit(KnnStrategy.Default() with { Neighbours = 5 },
            task.Data.Train, task.Data.Classes, seed: 1);
        string path = Path.Combine(_folder.Path, "model.onnx");
        fitted.Model.ExportOnnx(path);
        using OnnxModel model = OnnxModel.Load(path);
        Assert.InRange(Worst(fitted.Model.Predict(task.Data.Test).Probabilities, model.Predict([.. task.Data.Test.Select(example => example.Source)])), 0,
            1e-4f);
    }

    [Fact]
    public void Int8_is_much_smaller_and_nearly_the_same()
    {
        using SmallTask task = new();
        using FitResult images = Fit(SmallBackbone.CreateNamed(), task.Data);
        LabeledData topics = SmallText.Task();
        using FitResult texts = Fit(SmallText.Create(), topics);
        foreach ((FitResult fitted, LabeledData data, double share) in ((FitResult, LabeledData, double)[])[(images, task.Data, 0.27), (texts, topics, 1)])
        {
            string whole = Path.Combine(_folder.Path, "whole.onnx"), small = Path.Combine(_folder.Path, "small.onnx");
            fitted.Model.ExportOnnx(whole);
            fitted.Model.ExportOnnx(small, OnnxPrecision.Int8);
            Assert.InRange(new FileInfo(small).Length, 1, share * new FileInfo(whole).Length);
            using OnnxModel model = OnnxModel.Load(small);
            Assert.InRange(Worst(fitted.Model.Predict(data.Test).Probabilities, model.Predict([.. data.Test.Select(example => example.Source)])), 0, 0.05f);
        }
    }

    [Fact]
    public void A_network_that_onnx_runtime_runs_differently_is_not_written()
    {
        using SmallTask task = new();
        Backbone backbone = SmallBackbone.CreateNamed();
        using TransferNetwork network = new(backbone.CreatePretrained(), 3, seed: 1);
        using (TorchSharp.torch.no_grad())
        {
            TorchSharp.torch.nn.init.constant_(network.Classifier.Output.bias!, float.NaN);
        }

        string path = Path.Combine(_folder.Path, "model.onnx");
        NetworkModel model = new(network, backbone.Encoder, backbone.Architecture, SmallBackbone.Compute) { Classes = task.Data.Classes };
        Assert.Contains("no file was written", Assert.Throws<InvalidOperationException>(() => model.ExportOnnx(path)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("there is no such file")]
    [InlineData("not an ONNX model", 1, 2, 3, 4)]
    public void A_file_that_is_no_model_is_refused(string named, params int[] content)
    {
        string path = Path.Combine(_folder.Path, "model.onnx");
        if (content.Length > 0)
        {
            File.WriteAllBytes(path, [.. content.Select(value => (byte)value)]);
        }

        Assert.Contains(named, Assert.Throws<DataException>(() => OnnxModel.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_network_is_refused()
    {
        using FitResult fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(ClassicalStrategy.Default(), SmallText.Task().Train,
            ["late", "broken", "money"], seed: 1);
        Assert.Throws<NotSupportedException>(() => fitted.Model.ExportOnnx(Path.Combine(_folder.Path, "model.onnx")));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static float Worst(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> found) =>
        expected.SelectMany(row => row).Zip(found.SelectMany(row => row)).Max(pair => Math.Abs(pair.First - pair.Second));

    private static FitResult Fit(Backbone backbone, LabeledData data)
    {
        TransferStrategy strategy = TransferStrategy.Full();
        return new Learner(backbone, SmallBackbone.Compute, new()).Fit(
            strategy with
            {
                Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 2, Normalization = Normalization.Batch })],
            }, data.Train, data.Classes, seed: 1);
    }

    private void Check(TrainedModel model, IReadOnlyList<float[]> expected, IReadOnlyCollection<NamedOnnxValue> inputs)
    {
        string path = Path.Combine(_folder.Path, "model.onnx");
        model.ExportOnnx(path);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        using InferenceSession session = new(path);
        Assert.Equal(model.Classes, JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["transferlab.classes"]));
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(inputs);
        float[] found = [.. outputs.Single(output => output.Name == "probabilities").AsEnumerable<float>()];
        Assert.InRange(expected.SelectMany(row => row).Zip(found).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1e-4f);
    }
}
