using TorchSharp;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks;

/// <summary>oneDNN's linear maps, where the processor is one on which they are used.</summary>
[Collection(TorchCollection.Name)]
public sealed class MatrixProductTests
{
    [SkippableTheory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 3, 7)]
    [InlineData(64, 24, 144)]
    [InlineData(49, 1000, 17)]
    [InlineData(300, 384, 1536)]
    public void They_are_those_of_float64_with_a_bias_and_without(int rows, int inputs, int outputs)
    {
        Skip.IfNot(IsFaster(), "not on this processor");
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(3, CPU);
        Tensor x = randn([2, rows, inputs], generator: random), weight = randn([outputs, inputs], generator: random);
        Tensor bias = randn([outputs], generator: random);
        Tensor right = x.to(ScalarType.Float64).matmul(weight.to(ScalarType.Float64).t());
        AssertNear(right, MatrixProduct.Linear(x, weight, null));
        AssertNear(right.Plus(bias.to(ScalarType.Float64)), MatrixProduct.Linear(x, weight, bias));
        AssertNear(right.transpose(0, 1), MatrixProduct.Linear(x.transpose(0, 1), weight, null)); // Not contiguous.
    }

    [SkippableFact]
    public async Task Many_threads_may_ask_at_once()
    {
        Skip.IfNot(IsFaster(), "not on this processor");
        float[] found = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() =>
        {
            using IDisposable noGradient = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return MatrixProduct.Linear(full([3, 8], (float)i), ones(4, 8), ones(4)).sum().item<float>();
        })));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 12f * ((8 * i) + 1)), found);
    }

    private static bool IsFaster()
    {
        LibTorch.Load();
        return MatrixProduct.IsFaster;
    }

    private static void AssertNear(Tensor right, Tensor found)
    {
        Assert.Equal((ScalarType.Float32, true), (found.dtype, found.is_contiguous()));
        Assert.Equal(right.shape, found.shape);
        Assert.InRange(found.to(ScalarType.Float64).Minus(right).abs().max().item<double>() / right.abs().max().item<double>(), 0, 1e-5);
    }
}
