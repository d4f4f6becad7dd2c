using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>The memory of a tensor in pieces that a span can hold.</summary>
internal static class TensorBytes
{
    // Elements a piece: at most eight bytes each, 128 MB; whole blocks of any quantised type.
    private const long Piece = 1 << 24;

    public delegate void Visit(Span<byte> bytes, long offset);

    /// <param name="tensor">On the CPU and contiguous; its memory is lent, not copied.</param>
    /// <param name="visit">Called with each piece in order and its offset in bytes.</param>
    public static void ForEach(Tensor tensor, Visit visit)
    {
        long count = tensor.numel();
        if (count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var flat = tensor.detach().view(-1);
        for (long start = 0; start < count; start += Piece)
        {
            using var piece = flat.narrow(0, start, Math.Min(Piece, count - start));
            visit(piece.bytes, start * tensor.ElementSize);
        }
    }

    /// <summary>Makes a tensor on the CPU and lets its memory be filled piece by piece; nothing is left of it if that fails.</summary>
    public static Tensor Filled(IReadOnlyList<long> shape, ScalarType type, Visit fill)
    {
        var tensor = empty(shape.ToArray(), type, CPU);
        try
        {
            ForEach(tensor, fill);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }
}
