using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>A linear layer on features, or one behind a hidden layer: a value an output, such as a class.</summary>
public sealed class ClassificationHead : Head
{
    internal const string HiddenWeight = HiddenName + ".weight";
    private const string OutputName = "head", HiddenName = "head.hidden";
    private readonly HeadShape _shape;

    /// <summary>A head with random weights: those of the outputs are N(0, 0.01), bias zero.</summary>
    /// <param name="width">Width of the features.</param>
    /// <param name="outputs">Width of the output, such as the number of classes.</param>
    /// <param name="shape">What stands between.</param>
    /// <param name="seed">Of the weights.</param>
    public ClassificationHead(int width, int outputs, HeadShape shape, int seed)
    {
        _shape = shape;
        using RandomState random = RandomState.Seeded(seed);
        Output = Linear(shape.HiddenUnits ?? width, outputs);
        init.normal_(Output.weight!, 0, 0.01);
        init.zeros_(Output.bias!);
        Hidden = shape.HiddenUnits is { } units ? Linear(width, units) : null;
    }

    /// <summary>The hidden layer, features [N, width] to [N, hidden]; null where the head is linear.</summary>
    public Linear? Hidden { get; }

    /// <summary>The last layer: features [N, width], or those of the hidden layer, to outputs [N, outputs].</summary>
    public Linear Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Modules => Hidden is null
        ? [(OutputName, Output)]
        : [(HiddenName, Hidden), (OutputName, Output)];

    /// <inheritdoc/>
    public override int Outputs => (int)Output.weight!.shape[0];

    /// <summary>The activation of the hidden layer.</summary>
    internal HeadActivation Activation => _shape.Activation;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor features) => Output.call(Hidden is null ? features : Dropped(Activated(Hidden.call(features))));

    private Tensor Activated(Tensor sums) => _shape.Activation switch
    {
        HeadActivation.Tanh => sums.tanh(),
        HeadActivation.Gelu => functional.gelu(sums),
        _ => sums.relu_(),
    };

    private Tensor Dropped(Tensor units) => Output.training && _shape.Dropout > 0 ? Dropout.OneByOne(units, _shape.Dropout) : units;
}
