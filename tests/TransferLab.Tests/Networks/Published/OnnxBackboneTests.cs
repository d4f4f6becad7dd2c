using Google.Protobuf;
using Onnx;
using TransferLab.Comparison;
using TransferLab.Comparison.Inspection;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks.Published;

[Collection(TorchCollection.Name)]
public sealed class OnnxBackboneTests : IDisposable
{
    private static readonly BackboneOptions s_plain = new() { Mean = [0, 10, 20], Deviation = [2], ImageSize = 32 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(32, -1)]
    [InlineData(32, 2)]
    public void Its_features_are_what_the_graph_computes_of_normalised_pixels(int size, int batch)
    {
        Backbone backbone = PublishedFiles.Open(Write(size: size, batch: batch), s_plain);
        using BackboneNetwork network = backbone.CreatePretrained();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Batch images = backbone.Encoder.Normalize(full([3, 32, 32, 3], 30, ScalarType.Byte), CPU, ScalarType.Float32);
        Assert.Equal([15f, 10, 5], network.Prefix(images, 1).Values[2].data<float>().ToArray());
        Assert.Equal((3, 0), (network.FeatureWidth, network.Module.parameters().Count()));
    }

    [Fact]
    public void Channels_may_come_last_and_a_value_inside_may_be_the_features()
    {
        Backbone backbone = PublishedFiles.Open(Write(channelsLast: true), s_plain with { OnnxOutput = "Relu_0" });
        using BackboneNetwork network = backbone.CreatePretrained();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Batch images = backbone.Encoder.Normalize(full([2, 32, 32, 3], 30, ScalarType.Byte), CPU, ScalarType.Float32);
        Assert.Equal([2, 3, 32, 32], network.Groups[0].Forward(images).Values.shape); // Maps, which are pooled.
        Assert.Equal([15f, 10, 5], network.Prefix(images, 1).Values[0].data<float>().ToArray());
    }

    [Fact]
    public void Strategies_that_leave_it_as_it_is_are_compared_and_others_refused_before_any_work()
    {
        using SmallTask task = new();
        Backbone backbone = PublishedFiles.Open(Write(), s_plain);
        ComparisonOptions options = new()
        {
            Strategies = [TransferStrategy.Frozen(), new KnnStrategy { Name = "knn", Description = "neighbours" }],
            OutputFolder = Path.Combine(_folder.Path, "out"),
        };
        ComparisonResults results = new Comparer(task.Data, backbone, SmallBackbone.Compute, options).Run();
        Assert.Equal(2, results.Strategies.Count);
        Assert.Equal(0, results.Backbone.Parameters);
        foreach (TransferStrategy strategy in (TransferStrategy[])[TransferStrategy.Full(), TransferStrategy.Scratch()])
        {
            string message = Assert.Throws<ArgumentException>(() =>
                new Comparer(task.Data, [backbone], SmallBackbone.Compute, options with { Strategies = [strategy] })).Message;
            Assert.Contains($"is an ONNX file, which runs as it is: '{strategy.Name}' would {(strategy.Name == "full" ? "train it" : "start it at random")}",
                message, StringComparison.Ordinal);
            using FeatureCache cache = new();
            Assert.Throws<ArgumentException>(() =>
                new Learner(backbone, SmallBackbone.Compute, cache).Fit(strategy, task.Data.Train, task.Data.Classes, seed: 1));
        }
    }

    [Fact]
    public void Where_it_looked_is_not_known_and_asking_does_not_end_the_process()
    {
        using SmallTask task = new();
        Backbone backbone = PublishedFiles.Open(Write(), s_plain);
        using FeatureCache cache = new();
        using TrainingOutcome outcome = new Trainer(backbone, SmallBackbone.Compute, cache).Fit(TransferStrategy.Frozen(), task.Data.Train,
            task.Data.Classes.Count, seed: 1);
        Assert.Null(GradCam.Map(outcome.Network, backbone.Encoder, SmallBackbone.Compute, task.Data.Test[0], 0, default));
    }

    [Fact]
    public void Another_output_has_features_of_its_own()
    {
        string path = Write();
        using BackboneNetwork one = PublishedFiles.Open(path, s_plain).CreatePretrained(),
            other = PublishedFiles.Open(path, s_plain with { OnnxOutput = "Relu_0" }).CreatePretrained();
        Assert.NotEqual(FeatureCache.WeightsHash(one, 1), FeatureCache.WeightsHash(other, 1));
    }

    [Fact]
    public void What_the_file_does_not_say_must_be_said()
    {
        string path = Write(second: true);
        Refused(path, s_plain, "has several outputs; name the features by option OnnxOutput: features: Float [batch, 3], other");
        Refused(path, s_plain with { OnnxOutput = "nope" }, "has no value 'nope'; its outputs are features, other");
        Refused(Write(), s_plain with { Mean = null }, "says nothing of how pixels are prepared; give option Mean");
        Refused(Write(), s_plain with { ImageSize = null }, "takes images of any size; give option ImageSize");
        Refused(Write(size: 32), s_plain with { ImageSize = 64 }, "takes images of 32 px alone");
        File.WriteAllText(Path.Combine(_folder.Path, "preprocessor_config.json"),
            """{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "size": 32}""");
        Assert.Equal(32, ((ImageEncoder)PublishedFiles.Open(Write(), new()).Encoder).Size);
    }

    [Theory]
    [InlineData("""{"size": {"height": 32, "width": 32}}""", ImageFit.Squash, 1)]
    [InlineData("""{"size": {"height": 32, "width": 32}, "do_resize": false}""", ImageFit.Crop, 1)]
    [InlineData("""{"size": {"shortest_edge": 40}, "do_center_crop": true, "crop_size": 32}""", ImageFit.Crop, 0.8)]
    [InlineData("""{"size": {"height": 40, "width": 40}, "do_center_crop": true, "crop_size": {"height": 32, "width": 32}}""", ImageFit.Squash, 0.8)]
    [InlineData("""{"size": 32, "feature_extractor_type": "ViTFeatureExtractor"}""", ImageFit.Squash, 1)]
    [InlineData("""{"size": 32, "feature_extractor_type": "CLIPFeatureExtractor"}""", ImageFit.Crop, 1)]
    public void Images_are_squashed_or_cropped_as_the_preparation_beside_says(string preparation, ImageFit fit, double crop)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "preprocessor_config.json"),
            $$"""{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], {{preparation[1..]}}""");
        ImageEncoder encoder = (ImageEncoder)PublishedFiles.Open(Write(), new()).Encoder;
        Assert.Equal((32, fit, crop), (encoder.Size, encoder.Fit, encoder.Crop));
    }

    [Fact]
    public void Files_that_are_cut_off_or_read_elsewhere_or_take_something_else_are_refused()
    {
        string path = Write();
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Refused(path, s_plain, "get the file again");
        foreach (string place in (string[])["../secret", "/etc/passwd", ".."])
        {
            var model = ModelProto.Parser.ParseFrom(whole);
            TensorProto tensor = new() { Name = "outside", DataType = 1, Dims = { 3 }, DataLocation = TensorProto.Types.DataLocation.External };
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = place });
            model.Graph.Initializer.Add(tensor);
            File.WriteAllBytes(path, model.ToByteArray());
            Refused(path, s_plain, "weights are read from the file's own folder alone");
        }

        var negative = ModelProto.Parser.ParseFrom(whole);
        negative.Graph.Initializer.Add(new TensorProto { Name = "less", DataType = 1, Dims = { 4, -2 } });
        File.WriteAllBytes(path, negative.ToByteArray());
        Refused(path, s_plain, "the constant 'less' has the shape [4, -2]; no size is negative");
        var other = ModelProto.Parser.ParseFrom(whole);
        other.Graph.Input[0].Type.TensorType.ElemType = (int)TensorProto.Types.DataType.Int64;
        File.WriteAllBytes(path, other.ToByteArray());
        Refused(path, s_plain, "and this one takes image: Int64 [batch, 3, length, length]");
        File.WriteAllBytes(path, "no model"u8.ToArray());
        Refused(path, s_plain, "ONNX");
    }

    [Fact]
    public void A_look_shows_inputs_outputs_and_constants()
    {
        PublishedSummary summary = PublishedFiles.Inspect(Write(second: true), s_plain with { OnnxOutput = "other" });
        Assert.Equal("ONNX, operator set 17", summary.Format);
        Assert.Equal(["input image: Float [batch, 3, length, length]", "output features: Float [batch, 3]", "output other: Float [batch, 3]", "4 nodes"],
            summary.LeftOut);
        Assert.Null(summary.Fault);
    }

    private static void Refused(string path, BackboneOptions options, string says)
    {
        string message = Assert.Throws<WeightsException>(() => PublishedFiles.Open(path, options)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>A graph that gives the mean over the pixels, of what is not negative.</summary>
    private string Write(int size = -1, int batch = -1, bool channelsLast = false, bool second = false)
    {
        OnnxGraph graph = new();
        long[] shape = channelsLast ? [size, size, 3] : [3, size, size], axes = channelsLast ? [1, 2] : [2, 3];
        string image = graph.Input("image", TensorProto.Types.DataType.Float, shape);
        graph.Output("features", graph.Node("ReduceMean", [graph.Node("Relu", [image])], ("axes", axes), ("keepdims", 0L)), 3);
        if (second)
        {
            graph.Output("other", "ReduceMean_1", 3);
        }

        var model = ModelProto.Parser.ParseFrom(graph.Bytes(new Dictionary<string, string>()));
        if (batch > 0)
        {
            model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = batch };
            model.Graph.Output[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = batch };
        }

        string path = Path.Combine(_folder.Path, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }
}
