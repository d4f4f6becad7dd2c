namespace TransferLab.Networks.Weights;

/// <summary>A tensor of a PyTorch file: which elements of a storage it shows, checked to lie inside it.</summary>
/// <param name="Storage">Where the elements are.</param>
/// <param name="Type">Their type.</param>
/// <param name="Offset">First element, from the start of the whole storage.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
/// <param name="Strides">Elements from one index to the next, a dimension at a time.</param>
internal sealed record TensorView(PickleStorage Storage, TensorType Type, long Offset, long[] Shape, long[] Strides)
{
    private const int MaxDimensions = 64;
    private const long MaxExpanded = 1 << 20;

    /// <summary>Number of elements.</summary>
    public long Count { get; private init; }

    /// <summary>Elements of the storage from the first that is shown to the last, both included.</summary>
    public long Span { get; private init; }

    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return false;
                }

                expected *= Shape[i];
            }

            return true;
        }
    }

    /// <summary>Makes a view of a storage.</summary>
    /// <exception cref="FormatException">There can be none; the message says why, in a few words.</exception>
    public static TensorView Create(StoragePart part, TensorType type, long offset, long[] shape, long[] strides)
    {
        string described = $"shape [{string.Join(", ", shape.Take(8))}], strides [{string.Join(", ", strides.Take(8))}], offset {offset}";
        if (shape.Length != strides.Length || shape.Length > MaxDimensions || shape.Any(size => size < 0) || strides.Any(stride => stride < 0) || offset < 0)
        {
            throw new FormatException($"{described} do not describe a tensor");
        }

        var (count, last) = Extent(offset, shape, strides) ?? throw new FormatException($"{described} overflow");
        if (shape.Contains(0))
        {
            return new(part.Storage, type, 0, shape, strides);
        }

        // A storage of bytes counts bytes; its tensors count their own elements.
        long available = part.Storage.Type is null ? part.Count / type.Size : part.Count;
        return last >= available ? throw new FormatException($"{described} reach element {last} of a storage of {available}")
            : count > Math.Max(available, MaxExpanded) ? throw new FormatException($"{described} repeat the {available} elements of its storage to {count}")
            : new(part.Storage, type, part.Offset + offset, shape, strides) { Count = count, Span = last - offset + 1 };
    }

    // Number of elements and the last that is shown; an empty dimension does not excuse the others.
    private static (long Count, long Last)? Extent(long offset, long[] shape, long[] strides)
    {
        try
        {
            checked
            {
                long bytes = 8;
                long last = offset;
                for (int i = 0; i < shape.Length; i++)
                {
                    bytes *= Math.Max(1, shape[i]);
                    last += Math.Max(0, shape[i] - 1) * strides[i];
                }

                return (bytes / 8, last);
            }
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Copies elements that lie apart into rows.</summary>
    /// <param name="source">The storage's bytes from the first element shown to the last.</param>
    /// <param name="rows">Room for all elements.</param>
    public void Gather<T>(ReadOnlySpan<T> source, Span<T> rows)
        where T : unmanaged
    {
        Span<long> index = stackalloc long[Math.Max(1, Shape.Length)];
        index.Clear();
        long place = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = source[(int)place];
            for (int dimension = Shape.Length - 1; dimension >= 0; dimension--)
            {
                place += Strides[dimension];
                if (++index[dimension] < Shape[dimension])
                {
                    break;
                }

                place -= Shape[dimension] * Strides[dimension];
                index[dimension] = 0;
            }
        }
    }
}
