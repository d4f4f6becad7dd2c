using Microsoft.ML.OnnxRuntime;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Tests.Data;
using TransferLab.Tests.Training;
using static TorchSharp.torch;
using DenseTensor = Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>;

namespace TransferLab.Tests.Networks;

/// <summary>The real pretrained network against ONNX Runtime on the files that its weights come from.</summary>
[Collection(TorchCollection.Name)]
public sealed class ResNet18Tests : IDisposable
{
    private static readonly string s_weights = Path.Combine(AppContext.BaseDirectory, "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");
    private static readonly string s_preprocessing = Path.Combine(AppContext.BaseDirectory, "DnnImageModels", "ResNetPrepOnnx", "ResNetPreprocess.onnx");
    private readonly TestImages _images = new();
    private readonly IDisposable _noGradient;

    public ResNet18Tests()
    {
        LibTorch.Load();
        _noGradient = no_grad();
    }

    public void Dispose()
    {
        _noGradient.Dispose();
        _images.Dispose();
    }

    [Fact]
    public void Features_agree_with_ONNX_Runtime_on_the_original_file()
    {
        using Tensor inputs = Encode(ResNet18.ImageNet, 4, 224);
        using BackboneNetwork network = Pretrained(ResNet18.ImageNet);

        float[] features = Features(network, inputs);

        Assert.Equal(4 * 512, features.Length);
        using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL }; // Exactly the graph of the file.
        using InferenceSession session = new(s_weights, options);
        float[] expected = [.. Enumerable.Range(0, 4).SelectMany(i => Run(session, "Input247", inputs[i]))];
        Assert.InRange(expected.Max(), 0.5f, 1000); // They say something.
        Assert.True(LargestDifference(expected, features) < 1e-3, string.Join(" | ", Enumerable.Range(0, 4).Select(i =>
            $"{LargestDifference(expected[(512 * i)..(512 * (i + 1))], features[(512 * i)..(512 * (i + 1))])}: "
                + $"{string.Join(' ', expected.Skip(512 * i).Take(4))} but {string.Join(' ', features.Skip(512 * i).Take(4))}")));
    }

    [Fact]
    public void Normalisation_agrees_with_the_package_s_preprocessing_graph()
    {
        ImageEncoder encoder = (ImageEncoder)ResNet18.ImageNet.Encoder;
        using Tensor raw = encoder.Encode(Draw(2, 300), views: null, default);
        using Tensor normalized = encoder.Normalize(raw, CPU, ScalarType.Float32).Values;

        using InferenceSession session = new(s_preprocessing);
        for (int i = 0; i < 2; i++)
        {
            float[] expected = Run(session, "OriginalInput", raw[i].permute(2, 0, 1).to(ScalarType.Float32));
            Assert.InRange(LargestDifference(expected, Floats(normalized[i])), 0, 1e-3);
        }
    }

    [Fact]
    public void Parameters_have_torchvision_s_names_and_shapes()
    {
        using BackboneNetwork network = Pretrained(ResNet18.ImageNetAt(64));
        Dictionary<string, Tensor> state = network.Module.state_dict();

        Assert.Equal([64, 3, 7, 7], state["conv1.weight"].shape);
        Assert.Equal([64], state["bn1.running_var"].shape);
        Assert.Equal([64], state["layer1.0.bn1.running_mean"].shape);
        Assert.Equal([128, 64, 1, 1], state["layer2.0.downsample.0.weight"].shape);
        Assert.Equal([128], state["layer2.0.downsample.1.bias"].shape);
        Assert.Equal([512, 512, 3, 3], state["layer4.2.conv2.weight"].shape);
        Assert.DoesNotContain("layer1.0.downsample.0.weight", state.Keys);
        Assert.DoesNotContain("layer4.3.conv1.weight", state.Keys);
    }

    [Fact]
    public void Folded_weights_give_the_same_features()
    {
        using Tensor inputs = Encode(ResNet18.ImageNetAt(64), 4, 64);
        using BackboneNetwork network = Pretrained(ResNet18.ImageNetAt(64));
        float[] plain = Features(network, inputs), folded;

        using (network.CastWeights(network.Groups.Count, ScalarType.Float32))
        {
            folded = Features(network, inputs);
        }

        Assert.NotEqual(plain, folded); // Folding took place,
        Assert.InRange(LargestDifference(plain, folded), 0, 1e-3);
        Assert.Equal(plain, Features(network, inputs)); // and ended.
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bfloat16_features_point_the_way_of_float32_ones(bool held)
    {
        using Tensor inputs = Encode(ResNet18.ImageNetAt(64), 4, 64);
        using BackboneNetwork network = Pretrained(ResNet18.ImageNetAt(64));
        float[] exact = Features(network, inputs);

        using Tensor half = inputs.to(ScalarType.BFloat16);
        using IDisposable? hold = held ? network.CastWeights(network.Groups.Count, ScalarType.BFloat16) : null;
        float[] rough = Features(network, half);

        foreach ((float[] a, float[] b) in exact.Chunk(512).Zip(rough.Chunk(512)))
        {
            double cosine = a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
            Assert.InRange(cosine, 0.999, 1.0001);
        }
    }

    [Fact]
    public void The_random_twin_is_decided_by_its_seed_alone()
    {
        Backbone backbone = ResNet18.ImageNetAt(64);
        using BackboneNetwork pretrained = Pretrained(backbone), first = backbone.CreateRandom(5), again = backbone.CreateRandom(5),
            other = backbone.CreateRandom(6);

        Assert.Equal(SmallBackbone.Bits(first.Module), SmallBackbone.Bits(again.Module));
        Assert.NotEqual(Bits(first, "layer4.2.conv2.weight"), Bits(other, "layer4.2.conv2.weight"));
        Assert.NotEqual(Bits(first, "conv1.weight"), Bits(pretrained, "conv1.weight"));
        Assert.Equal(pretrained.Module.state_dict().Keys, first.Module.state_dict().Keys);
    }

    [Fact]
    public void Layer_groups_cover_all_parameters_in_order()
    {
        using BackboneNetwork network = ResNet18.ImageNetAt(64).CreateRandom(0);

        Assert.Equal(["stem", "layer1.0", "layer1.1", "layer2.0", "layer2.1", "layer3.0", "layer3.1", "layer4.0", "layer4.1", "layer4.2"],
            network.Groups.Select(group => group.Name));
        Assert.Equal(network.Module.parameters().Select(p => p.Handle), network.Groups.SelectMany(group => group.Parameters).Select(p => p.Handle));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(100)]
    public void A_size_that_is_no_multiple_of_32_is_refused(int size) =>
        Assert.Contains("multiple of 32", Assert.Throws<ArgumentOutOfRangeException>(() => ResNet18.ImageNetAt(size)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(5_000)]
    [InlineData(20_000_000)]
    [InlineData(-1)]
    public void A_truncated_file_is_refused(int length)
    {
        byte[] whole = File.ReadAllBytes(s_weights);
        string path = _images.Save("cut.onnx", whole[..(length < 0 ? whole.Length + length : length)]);
        using BackboneNetwork network = ResNetArchitecture.Build(ResNet18.BlocksPerStage);

        Assert.Contains("cut.onnx", Assert.Throws<WeightsException>(() => OnnxResNet.LoadWeights(network.Module, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_loads_or_is_refused_and_never_fails_otherwise()
    {
        byte[] whole = File.ReadAllBytes(s_weights);
        using BackboneNetwork network = ResNetArchitecture.Build(ResNet18.BlocksPerStage);
        Random random = new(3);
        int refused = 0;
        for (int i = 0; i < 12; i++)
        {
            int at = random.Next(3_000);
            byte before = whole[at];
            whole[at] ^= (byte)(1 << random.Next(8));
            try
            {
                OnnxResNet.LoadWeights(network.Module, _images.Save("damaged.onnx", whole));
            }
            catch (WeightsException)
            {
                refused++;
            }

            whole[at] = before;
        }

        Assert.True(refused > 0);
    }

    [Fact]
    public void A_file_of_another_architecture_and_a_missing_one_are_refused()
    {
        using BackboneNetwork network = ResNetArchitecture.Build([1, 1, 1, 1]);

        Assert.Contains("another architecture", Assert.Throws<WeightsException>(() => OnnxResNet.LoadWeights(network.Module, s_weights)).Message,
            StringComparison.Ordinal);
        Assert.Contains("there is no such file", Assert.Throws<WeightsException>(() => OnnxResNet.LoadWeights(network.Module, "absent.onnx")).Message,
            StringComparison.Ordinal);
    }

    private static BackboneNetwork Pretrained(Backbone backbone)
    {
        BackboneNetwork network = backbone.CreatePretrained();
        network.Module.eval();
        return network;
    }

    private Example[] Draw(int count, int size) =>
        [.. Enumerable.Range(0, count).Select(i => new Example($"{i}", SmallTask.Save(_images, $"{i}.png", i, 40 + i, size), i))];

    private Tensor Encode(Backbone backbone, int count, int size)
    {
        using Tensor raw = backbone.Encoder.Encode(Draw(count, size), views: null, default);
        return backbone.Encoder.Normalize(raw, CPU, ScalarType.Float32).Values;
    }

    private static float[] Features(BackboneNetwork network, Tensor inputs)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return Floats(network.Pool(network.Forward(inputs, 0, network.Groups.Count)));
    }

    private static float[] Floats(Tensor values) => values.contiguous().data<float>().ToArray();

    private static float[] Run(InferenceSession session, string input, Tensor image)
    {
        DenseTensor values = new(Floats(image), [1, .. image.shape.Select(size => (int)size)]);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor(input, values)]);
        return [.. outputs[0].AsEnumerable<float>()];
    }

    private static double LargestDifference(float[] a, float[] b)
    {
        Assert.Equal(a.Length, b.Length);
        return a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();
    }

    private static byte[] Bits(BackboneNetwork network, string name) => SmallBackbone.Bits(network.Module)[name];
}
