using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Writes one text token by token on the processor, from the keys and values of its prompt on. A token is some hundred products of a matrix with one vector, so
/// small that a tensor library spends more on calling them than on computing; here they run over the same weights' memory. Activations are float32, whatever
/// the weights are. For one thread; the network must not change meanwhile.
/// </summary>
internal sealed unsafe class LlamaDecoder : ITokenDecoder
{
    private readonly LlamaShape _shape;
    private readonly Layer[] _layers;
    private readonly RowMatrix _head;
    private readonly float[] _norm;
    private readonly IReadOnlyList<double> _frequencies;
    private readonly float[] _cosine, _sine; // Of the present position.
    private readonly Tensor _embedding;
    private readonly float[] _x, _h, _query, _key, _value, _attended, _gate, _up, _scores, _logits;
    private readonly int _threads, _capacity;
    private int _position;

    private LlamaDecoder(LlamaNetwork network, Tensor head, Layer[] layers, KeyValueCache cache)
    {
        (_shape, _layers, _head, _position, _capacity) = (network.Shape, layers, new(head), cache.Length, cache.Capacity);
        (_norm, _embedding, _threads) = (Values(network.Norm.Weight), network.Embedding.Table, get_num_threads());
        int queries = _shape.Heads * _shape.HeadWidth, keys = _shape.KeyValueHeads * _shape.HeadWidth;
        _frequencies = network.Rotary.Frequencies;
        (_cosine, _sine) = (new float[_frequencies.Count], new float[_frequencies.Count]);
        (_x, _h, _query, _key, _value, _attended) = (new float[_shape.Width], new float[_shape.Width], new float[queries], new float[keys], new float[keys],
            new float[queries]);
        (_gate, _up, _scores, _logits) = (new float[_shape.FeedForward], new float[_shape.FeedForward], new float[cache.Capacity], new float[_head.Rows]);
    }

    /// <summary>A decoder; null where the network is another, or does not lie in memory as this needs it.</summary>
    public static LlamaDecoder? From(TransferNetwork network, ScalarType type, KeyValueCache cache)
    {
        if (network is not { Backbone.Module: LlamaNetwork llama, Head: LanguageHead head } || cache.Visible is not null
            || head.In(type) is not { } logits || !RowMatrix.Reads(logits) || llama.Embedding.Table.dtype != ScalarType.Float32)
        {
            return null;
        }

        AdapterSet? adapters = network.ActiveAdapters;
        List<Layer> layers = [];
        foreach ((LlamaLayer layer, int i) in llama.Layers.Select((layer, i) => (layer, i)))
        {
            if (Layer.Of(layer.Of, type, adapters, cache.Of(i)) is not { } found)
            {
                layers.ForEach(one => one.Dispose());
                return null;
            }

            layers.Add(found);
        }

        return new(llama, logits, [.. layers], cache);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Next(long id)
    {
        if (_position >= _capacity)
        {
            throw new InvalidOperationException($"The cache holds {_capacity} positions.");
        }

        for (int i = 0; i < _frequencies.Count; i++)
        {
            (double sine, double cosine) = Math.SinCos(_position * _frequencies[i]);
            (_sine[i], _cosine[i]) = ((float)sine, (float)cosine);
        }

        fixed (float* x = _x, h = _h, query = _query, key = _key, value = _value, attended = _attended, gate = _gate, up = _up, logits = _logits)
        {
            float* row = RowMatrix.Pointer(_embedding) + (id * _shape.Width);
            new ReadOnlySpan<float>(row, _shape.Width).CopyTo(_x);
            foreach (Layer layer in _layers)
            {
                Normalize(x, h, layer.AttentionNorm, _shape.Width);
                layer.Query.Multiply(h, query, _threads);
                layer.Key.Multiply(h, key, _threads);
                layer.Value.Multiply(h, value, _threads);
                Attend(layer, query, key, value, attended);
                layer.Output.Multiply(attended, h, _threads);
                Add(x, h, _shape.Width);
                Normalize(x, h, layer.FeedForwardNorm, _shape.Width);
                layer.Gate.Multiply(h, gate, _threads);
                layer.Up.Multiply(h, up, _threads);
                for (int i = 0; i < _shape.FeedForward; i++)
                {
                    gate[i] *= up[i] / (1 + MathF.Exp(-gate[i])); // SiLU(gate) x up
                }

                layer.Down.Multiply(gate, h, _threads);
                Add(x, h, _shape.Width);
            }

            Normalize(x, h, _norm, _shape.Width);
            _head.Multiply(h, logits, _threads);
        }

        _position++;
        return _logits;
    }

    public void Dispose()
    {
        foreach (Layer layer in _layers)
        {
            layer.Dispose();
        }
    }

    private void Attend(Layer layer, float* query, float* key, float* value, float* attended)
    {
        int width = _shape.HeadWidth, group = _shape.Heads / _shape.KeyValueHeads;
        int first = _shape.Window is { } window ? Math.Max(0, _position + 1 - window) : 0, count = _position + 1 - first;
        for (int head = 0; head < _shape.KeyValueHeads; head++)
        {
            Place(key + (head * width), layer.KeyNorm);
            long at = ((long)head * _capacity) + _position;
            Buffer.MemoryCopy(key + (head * width), layer.Keys + (at * width), width * sizeof(float), width * sizeof(float));
            Buffer.MemoryCopy(value + (head * width), layer.Values + (at * width), width * sizeof(float), width * sizeof(float));
        }

        fixed (float* scores = _scores)
        {
            for (int head = 0; head < _shape.Heads; head++)
            {
                float* one = query + (head * width), sum = attended + (head * width);
                long start = (((long)(head / group) * _capacity) + first) * width;
                Place(one, layer.QueryNorm);
                Shares(one, layer.Keys + start, scores, count, width);
                new Span<float>(sum, width).Clear();
                for (int i = 0; i < count; i++)
                {
                    RowMatrix.AddScaled(sum, layer.Values + start + ((long)i * width), scores[i], width);
                }
            }
        }
    }

    /// <summary>The softmax of scaled products with keys that follow one another.</summary>
    private static void Shares(float* query, float* keys, float* shares, int count, int width)
    {
        (float scale, float most, float total) = (1 / MathF.Sqrt(width), float.NegativeInfinity, 0);
        for (int i = 0; i < count; i++)
        {
            shares[i] = scale * RowMatrix.Dot(query, keys + ((long)i * width), width);
            most = Math.Max(most, shares[i]);
        }

        for (int i = 0; i < count; i++)
        {
            total += shares[i] = MathF.Exp(shares[i] - most);
        }

        for (int i = 0; i < count; i++)
        {
            shares[i] /= total;
        }
    }

    /// <summary>Normalises a head where its network does that, and turns it by the position.</summary>
    private void Place(float* head, float[]? norm)
    {
        int half = _shape.HeadWidth / 2;
        if (norm is not null)
        {
            Normalize(head, head, norm, _shape.HeadWidth);
        }

        for (int i = 0; i < half; i++)
        {
            (float a, float b) = (head[i], head[i + half]);
            head[i] = (a * _cosine[i]) - (b * _sine[i]);
            head[i + half] = (b * _cosine[i]) + (a * _sine[i]);
        }
    }

    private void Normalize(float* x, float* y, float[] weight, int width)
    {
        float scale = 1 / MathF.Sqrt((RowMatrix.Dot(x, x, width) / width) + (float)_shape.Epsilon);
        for (int i = 0; i < width; i++)
        {
            y[i] = x[i] * scale * weight[i];
        }
    }

    private static void Add(float* x, float* y, int width) => RowMatrix.AddScaled(x, y, 1, width);

    private static float[] Values(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).data<float>().ToArray();
    }

    /// <summary>The weights of a layer, and its keys and values in float32.</summary>
    private sealed record Layer(
        RowMatrix Query, RowMatrix Key, RowMatrix Value, RowMatrix Output, RowMatrix Gate, RowMatrix Up, RowMatrix Down,
        float[] AttentionNorm, float[] FeedForwardNorm, float[]? QueryNorm, float[]? KeyNorm, Tensor KeyCache, Tensor ValueCache) : IDisposable
    {
        private readonly nint _keys = (nint)RowMatrix.Pointer(KeyCache), _values = (nint)RowMatrix.Pointer(ValueCache);

        public float* Keys => (float*)_keys;

        public float* Values => (float*)_values;

        public static Layer? Of(LlamaLayer.Parts of, ScalarType type, AdapterSet? adapters, (Tensor Keys, Tensor Values)? cache)
        {
            RowMatrix?[] matrices =
                [.. new[] { of.Query, of.Key, of.Value, of.Output, of.Gate, of.Up, of.Down }.Select(linear => Rows(linear, type, adapters?.Of(linear)))];
            return matrices.Contains(null) || cache is not { } seen ? null : new(
                matrices[0]!, matrices[1]!, matrices[2]!, matrices[3]!, matrices[4]!, matrices[5]!, matrices[6]!,
                LlamaDecoder.Values(of.AttentionNorm.Weight), LlamaDecoder.Values(of.FeedForwardNorm.Weight),
                of.QueryNorm is { } query ? LlamaDecoder.Values(query.Weight) : null, of.KeyNorm is { } key ? LlamaDecoder.Values(key.Weight) : null,
                Wide(seen.Keys), Wide(seen.Values));
        }

        public void Dispose()
        {
            KeyCache.Dispose();
            ValueCache.Dispose();
        }

        private static RowMatrix? Rows(Linear linear, ScalarType type, LowRankLayer? update) =>
            TypedLinear.In(linear, type) is { } found && RowMatrix.Reads(found.Weight)
                ? new(found.Weight, found.Bias is { } bias ? LlamaDecoder.Values(bias) : null, update)
                : null;

        private static Tensor Wide(Tensor cache)
        {
            using DisposeScope scope = NewDisposeScope();
            return cache.to(ScalarType.Float32, copy: true).contiguous().DetachFromDisposeScope();
        }
    }
}
