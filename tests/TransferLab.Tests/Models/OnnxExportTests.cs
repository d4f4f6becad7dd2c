using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
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
        using Fitted fitted = Fit(backbone, task.Data);
        IReadOnlyList<float[]> expected = fitted.Model.PredictAnew(task.Data.Test, default).Probabilities;
        using Tensor raw = backbone.Encoder.Encode(task.Data.Test, null, default);
        using Tensor planes = raw.permute(0, 3, 1, 2).to(TorchSharp.torch.ScalarType.Float32).contiguous();
        Check(fitted.Model, expected, [NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(planes.data<float>().ToArray(), [.. planes.shape.Select(size => (int)size)]))]);
    }

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.First)]
    public void A_text_network_gives_the_same_probabilities_padding_included(Pooling pooling)
    {
        LabeledData data = SmallText.Task();
        Backbone backbone = SmallText.Create(pooling);
        using Fitted fitted = Fit(backbone, data);
        IReadOnlyList<float[]> expected = fitted.Model.PredictAnew(data.Test, default).Probabilities;
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
    public void A_model_without_a_network_is_refused()
    {
        using Fitted fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(ClassicalStrategy.Default(), SmallText.Task().Train, ["late", "broken", "money"], seed: 1);
        Assert.Throws<NotSupportedException>(() => fitted.Model.ExportOnnx(Path.Combine(_folder.Path, "model.onnx")));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static Fitted Fit(Backbone backbone, LabeledData data)
    {
        TransferStrategy strategy = TransferStrategy.Full();
        return new Learner(backbone, SmallBackbone.Compute, new()).Fit(
            strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 2, Normalization = Normalization.Batch })] }, data.Train, data.Classes, seed: 1);
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
