using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>A linear layer in the type of its input, over float32 parameters: cast for every batch, or once where the weights stay as they are.</summary>
internal static class TypedLinear
{
    private static readonly ConditionalWeakTable<Linear, Held> s_held = [];

    /// <summary>Maps [..., inputs] to [..., outputs] of the same type, low-rank update included.</summary>
    public static Tensor Forward(Tensor x, Linear linear) => LowRankLayer.AddTo(Product(x, linear), x, linear);

    private static Tensor Product(Tensor x, Linear linear) => s_held.TryGetValue(linear, out Held? held) && held.Weight.dtype == x.dtype
        ? functional.linear(x, held.Weight, held.Bias)
        : functional.linear(x, TrainedCopies.In(linear.weight!, x.dtype), linear.bias?.to(x.dtype));

    /// <summary>The weight and bias that are computed with in a type, without a cast: the parameters' own or those that are held; null where there are
    /// none.</summary>
    public static (Tensor Weight, Tensor? Bias)? In(Linear linear, ScalarType type) =>
        s_held.TryGetValue(linear, out Held? held) && held.Weight.dtype == type ? (held.Weight, held.Bias)
        : linear.weight!.dtype == type ? (linear.weight!, linear.bias)
        : null;

    /// <summary>Casts once until the result is disposed: for runs over many batches during which the weights do not change.</summary>
    public static IDisposable CastWeights(Linear linear, ScalarType type)
    {
        if (s_held.TryGetValue(linear, out Held? present) && present.Weight.dtype == type)
        {
            return new Held(linear, null!, null, IsOwner: false); // Held by somebody who stays longer.
        }

        Held held = new(linear, linear.weight!.Copied(type), linear.bias?.Copied(type), IsOwner: true);
        s_held.AddOrUpdate(linear, held);
        return held;
    }

    private sealed record Held(Linear Linear, Tensor Weight, Tensor? Bias, bool IsOwner) : IDisposable
    {
        public void Dispose()
        {
            if (IsOwner)
            {
                s_held.Remove(Linear);
                Weight.Dispose();
                Bias?.Dispose();
            }
        }
    }
}
