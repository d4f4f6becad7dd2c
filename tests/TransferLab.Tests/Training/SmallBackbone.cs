using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>A residual network small enough for many runs, with made-up "pretrained" weights and statistics.</summary>
internal static class SmallBackbone
{
    static SmallBackbone() => LibTorch.Load();

    public static ComputeDevice Compute { get; } = Cpu();

    /// <summary>64 features of images of 32 px.</summary>
    public static Backbone Create(int size = 32) => new()
    {
        Card = new() { Name = "small" },
        Build = () =>
        {
            ResNet network = new([1, 1, 1, 1], width: 8);
            return new(network, network.Groups, network.FeatureWidth) { FollowsInputType = true };
        },
        LoadWeights = Fill,
        Encoder = new ImageEncoder(size, new float[] { 128, 128, 128 }, deviation: 64),
    };

    /// <summary>One block a stage at full width: the smallest network that a model file can name.</summary>
    public static Backbone CreateNamed() => Create() with
    {
        Architecture = ResNetArchitecture.Of([1, 1, 1, 1]),
        Build = () => ResNetArchitecture.Build([1, 1, 1, 1]),
    };

    /// <summary>All values by name, as bytes: equal only where every bit is.</summary>
    public static Dictionary<string, byte[]> Bits(IEnumerable<KeyValuePair<string, Tensor>> state) =>
        state.ToDictionary(pair => pair.Key, pair => pair.Value.detach().cpu().contiguous().bytes.ToArray());

    public static Dictionary<string, byte[]> Bits(nn.Module module) => Bits(module.state_dict());

    private static ComputeDevice Cpu()
    {
        LibTorch.Load();
        return new(CPU, ScalarType.Float32);
    }

    private static void Fill(nn.Module module)
    {
        using RandomState random = RandomState.Seeded(17);
        using IDisposable noGradient = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor value) in module.state_dict())
        {
            if (value.dim() > 1)
            {
                nn.init.kaiming_normal_(value);
            }
            else if (name.EndsWith("running_mean", StringComparison.Ordinal))
            {
                nn.init.normal_(value, 0, 0.1);
            }
        }
    }
}
