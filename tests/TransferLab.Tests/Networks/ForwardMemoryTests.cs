using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class ForwardMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pass_without_gradients_keeps_one_tensor_a_group_and_no_steps_between(bool text)
    {
        LibTorch.Load();
        BertShape shape = new() { Vocabulary = 20, Positions = 8, Width = 8, Layers = 3, Heads = 2 };
        using BackboneNetwork network = text ? BertArchitecture.Build(shape, Pooling.Mean) : SmallBackbone.Create().CreateRandom(seed: 1);
        network.Module.eval();
        using IDisposable noGradient = no_grad();
        using Tensor input = text ? ones([2, 8], ScalarType.Int64) : rand(2, 3, 32, 32);
        using DisposeScope scope = NewDisposeScope();
        network.Forward(input, 0, network.Groups.Count);

        Assert.InRange(scope.DisposablesCount, 1, network.Groups.Count);
    }
}
