using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Keys and values of the positions that a causal network has seen, so that a further token costs one position and not all of them. Rows of a batch may differ
/// in length: shorter ones are padded at their end, and the padding is masked ever after. For one batch and one thread. Owns its tensors.
/// </summary>
internal sealed class KeyValueCache(int layers, int capacity) : IDisposable
{
    private readonly (Tensor Keys, Tensor Values)?[] _layers = new (Tensor, Tensor)?[layers];

    /// <summary>Positions that it can hold.</summary>
    public int Capacity => capacity;

    /// <summary>Columns in use, padding included.</summary>
    public int Length { get; private set; }

    /// <summary>[N, 1, 1, capacity] bool, false for padding and what is not in use; null where no row has padding.</summary>
    public Tensor? Visible { get; set; }

    /// <summary>Adds the keys and values of a layer's new positions.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="keys">[N, heads, T, width].</param>
    /// <param name="values">The same shape.</param>
    /// <returns>Those of all positions so far, [N, heads, length + T, width]; views that later calls do not change.</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        long count = keys.shape[2];
        if (Length + count > capacity)
        {
            throw new InvalidOperationException($"The cache holds {capacity} positions, and {Length + count} are asked for.");
        }

        _layers[layer] ??= (Room(keys), Room(values));
        (Tensor allKeys, Tensor allValues) = _layers[layer]!.Value;
        using (Tensor place = allKeys.narrow(2, Length, count))
        {
            place.copy_(keys);
        }

        using (Tensor place = allValues.narrow(2, Length, count))
        {
            place.copy_(values);
        }

        return (allKeys.narrow(2, 0, Length + count), allValues.narrow(2, 0, Length + count));
    }

    /// <summary>Keys and values of a layer, [N, heads, capacity, width]; null before the first.</summary>
    public (Tensor Keys, Tensor Values)? Of(int layer) => _layers[layer];

    /// <summary>Counts positions that every layer has now.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Keeps some rows of the batch, in the given order.</summary>
    public void Select(Tensor rows)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            if (_layers[i] is var (keys, values))
            {
                _layers[i] = (keys.index_select(0, rows).DetachFromDisposeScope(), values.index_select(0, rows).DetachFromDisposeScope());
                keys.Dispose();
                values.Dispose();
            }
        }

        if (Visible is { } visible)
        {
            Visible = visible.index_select(0, rows).DetachFromDisposeScope();
            visible.Dispose();
        }
    }

    public void Dispose()
    {
        foreach ((Tensor Keys, Tensor Values)? layer in _layers)
        {
            layer?.Keys.Dispose();
            layer?.Values.Dispose();
        }

        Visible?.Dispose();
    }

    private Tensor Room(Tensor like) =>
        zeros([like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
}
