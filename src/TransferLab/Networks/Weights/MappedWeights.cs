using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// The tensors of a file as a network has them: renamed, and where two programs keep one thing differently, turned, cut or joined. What is neither taken nor
/// left out shows under its own name, so that strict loading reports it.
/// </summary>
internal sealed class MappedWeights : IWeightFile
{
    private readonly IWeightFile _source;
    private readonly Dictionary<string, TensorEntry> _tensors;
    private readonly Dictionary<string, Func<Tensor>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _origins = new(StringComparer.Ordinal);
    private readonly List<string> _leftOut;

    /// <summary>All tensors of a file under their own names; disposed with this view.</summary>
    public MappedWeights(IWeightFile source)
    {
        _source = source;
        _tensors = source.Tensors.ToDictionary(StringComparer.Ordinal);
        _leftOut = [.. source.LeftOut];
        foreach (string name in source.Tensors.Keys)
        {
            _readers[name] = () => source.Read(name);
            _origins[name] = [name];
        }
    }

    /// <inheritdoc/>
    public string Path => _source.Path;

    /// <inheritdoc/>
    public string Format => _source.Format;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>For every tensor the names of those in the file that it is made of.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Origins => _origins;

    /// <summary>
    /// Gives every batch normalisation that has no counter of training steps one at zero: some programs leave it out, and nothing depends on it.
    /// </summary>
    public MappedWeights WithCounters()
    {
        const string Mean = ".running_mean", Counter = ".num_batches_tracked";
        foreach (string name in _tensors.Keys.Where(name => name.EndsWith(Mean, StringComparison.Ordinal)).ToArray())
        {
            string counter = name[..^Mean.Length] + Counter;
            if (!_tensors.ContainsKey(counter))
            {
                Add(counter, [], "I64", () => zeros([], ScalarType.Int64), []);
            }
        }

        return this;
    }

    /// <summary>Gives every tensor the name that a function says; null leaves it out.</summary>
    /// <exception cref="WeightsException">Two would get one name.</exception>
    public MappedWeights Rename(Func<string, string?> name)
    {
        foreach ((string old, TensorEntry entry) in _tensors.ToArray())
        {
            if (name(old) is not { } renamed)
            {
                LeaveOut(old);
            }
            else if (renamed != old)
            {
                (Func<Tensor> read, IReadOnlyList<string> origins) = (_readers[old], _origins[old]);
                Remove(old);
                Add(renamed, entry.Shape, entry.Type, read, origins);
            }
        }

        return this;
    }

    /// <summary>Leaves a tensor out, such as one of a pretraining head; nothing where there is none.</summary>
    public MappedWeights LeaveOut(string name)
    {
        if (_tensors.TryGetValue(name, out TensorEntry? entry))
        {
            _leftOut.Add($"{name} ({entry})");
            Remove(name);
        }

        return this;
    }

    /// <summary>Turns one tensor into another of the same name, such as a kernel from HWIO to OIHW.</summary>
    /// <param name="name">Nothing happens where there is none.</param>
    /// <param name="shape">Of what <paramref name="turn"/> gives.</param>
    /// <param name="turn">Takes the file's tensor; a view of it will do.</param>
    public MappedWeights Turn(string name, IReadOnlyList<long> shape, Func<Tensor, Tensor> turn) =>
        _tensors.ContainsKey(name) ? Make([(name, shape)], [name], parts => [turn(parts[0])]) : this;

    /// <summary>Makes tensors from others, which are then no longer there: one matrix of query, key and value into three, say.</summary>
    /// <param name="made">Names and shapes of what is made.</param>
    /// <param name="from">Names of what it is made of.</param>
    /// <param name="make">Called once for every tensor that is read; the results are made contiguous.</param>
    /// <exception cref="WeightsException">One of <paramref name="from"/> is not there, or a name is taken.</exception>
    public MappedWeights Make(
        IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> made, IReadOnlyList<string> from, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> make)
    {
        Func<Tensor>[] readers =
            [.. from.Select(name => _readers.TryGetValue(name, out Func<Tensor>? read) ? read : throw new WeightsException($"{Path}: '{name}' is missing."))];
        string type = _tensors[from[0]].Type;
        string[] origins = [.. from.SelectMany(name => _origins[name])];
        foreach (string name in from)
        {
            Remove(name);
        }

        for (int i = 0; i < made.Count; i++)
        {
            int part = i;
            Add(made[i].Name, made[i].Shape, type, () =>
            {
                using var scope = NewDisposeScope();
                return make([.. readers.Select(read => read())])[part].contiguous().clone().MoveToOuterDisposeScope();
            }, origins);
        }

        return this;
    }

    /// <inheritdoc/>
    public Tensor Read(string name) => _readers.TryGetValue(name, out Func<Tensor>? read)
        ? read()
        : throw new WeightsException($"{Path}: holds no tensor '{name}'");

    /// <inheritdoc/>
    public float[] ReadFloats(string name)
    {
        using Tensor read = Read(name);
        using Tensor floats = read.to(ScalarType.Float32);
        return floats.data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private void Add(string name, IReadOnlyList<long> shape, string type, Func<Tensor> read, IReadOnlyList<string> origins)
    {
        if (!_tensors.TryAdd(name, new(name, type, shape)))
        {
            throw new WeightsException($"{Path}: two tensors would both be '{name}'.");
        }

        _readers[name] = read;
        _origins[name] = origins;
    }

    private void Remove(string name)
    {
        _tensors.Remove(name);
        _readers.Remove(name);
        _origins.Remove(name);
    }
}
