using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// A file of <c>torch.save</c>, in the form of a zip archive or the older one. Its pickle is read as data by <see cref="PickleReader"/>: nothing in it is
/// executed. Tensors are read one by one; views with strides of their own come out in rows.
/// </summary>
internal sealed class PyTorchFile : IWeightFile
{
    private const int MaxNamed = 100;
    private readonly FileBytes bytes;
    private readonly Dictionary<string, TensorView> views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);
    private readonly List<string> leftOut = [];

    private PyTorchFile(FileBytes bytes, string format, string section, IReadOnlyList<string> sections) =>
        (this.bytes, Format, Section, Sections) = (bytes, format, section, sections);

    /// <inheritdoc/>
    public string Path => bytes.Path;

    /// <inheritdoc/>
    public string Format { get; }

    /// <summary>The dictionary whose tensors these are: "" for the saved value itself, else a path such as <c>state_dict</c>.</summary>
    public string Section { get; }

    /// <summary>All dictionaries of the file that hold tensors.</summary>
    public IReadOnlyList<string> Sections { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => leftOut;

    /// <summary>Opens a file and reads its pickle.</summary>
    /// <param name="path">The file.</param>
    /// <param name="section">Which dictionary of tensors is meant; by default the saved value itself, or what is usual: <c>state_dict</c>, <c>model</c> and the
    /// like, or the only one.</param>
    /// <exception cref="WeightsException">It cannot be read, breaks a rule of the format, mentions what is not allowed, or has no such section.</exception>
    public static PyTorchFile Open(string path, string? section = null)
    {
        var bytes = FileBytes.Open(path);
        try
        {
            bool legacy = PyTorchArchive.IsLegacy(bytes.Head(32));
            var archive = legacy ? PyTorchArchive.ReadLegacy(bytes) : PyTorchArchive.ReadZip(bytes);
            var sections = PyTorchSections.Find(archive.Root);
            string chosen = section ?? PyTorchSections.Choose(sections) ?? throw new WeightsException(sections.Count == 0
                ? $"{path}: holds no dictionary of tensors but {PyTorchSections.Kind(archive.Root)}; save the network's state_dict()"
                : $"{path}: holds tensors in several places, name one of {Listed(sections.Keys)}");
            if (!sections.TryGetValue(chosen, out var dictionary))
            {
                throw new WeightsException($"{path}: has no tensors under '{chosen}', only under {Listed(sections.Keys)}");
            }

            PyTorchFile file = new(bytes, legacy ? "PyTorch (legacy)" : "PyTorch", chosen, [.. sections.Keys]);
            file.AddTensors(dictionary);
            file.NameTheRest(archive, dictionary);
            return file;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var view = View(name);
        if (view.IsContiguous)
        {
            return TensorBytes.Filled(view.Shape, view.Type.Scalar, (piece, offset) =>
            {
                bytes.Read(piece, Position(view) + offset);
                CheckBool(name, view, piece);
            });
        }

        byte[] rows = Rows(name, view);
        return TensorBytes.Filled(view.Shape, view.Type.Scalar, (piece, offset) => rows.AsSpan((int)offset, piece.Length).CopyTo(piece));
    }

    /// <inheritdoc/>
    public float[] ReadFloats(string name)
    {
        var view = View(name);
        return FloatValues.From(view.Type.Name, Rows(name, view))
            ?? throw new WeightsException($"{Path}: tensor '{name}': {tensors[name]} holds no floating-point numbers");
    }

    /// <inheritdoc/>
    public void Dispose() => bytes.Dispose();

    private static long Position(TensorView view) => view.Storage.Position + (view.Offset * view.Type.Size);

    private byte[] Rows(string name, TensorView view)
    {
        long size = view.Type.Size;
        if (view.Count > Array.MaxLength / size || view.Span > Array.MaxLength / size)
        {
            throw new WeightsException($"{Path}: tensor '{name}': {tensors[name]} does not fit into an array");
        }

        byte[] source = new byte[view.Span * size];
        bytes.Read(source, Position(view));
        CheckBool(name, view, source);
        if (view.IsContiguous)
        {
            return source;
        }

        byte[] rows = new byte[view.Count * size];
        switch (size)
        {
            case 1:
                view.Gather<byte>(source, rows);
                break;
            case 2:
                view.Gather<ushort>(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(rows.AsSpan()));
                break;
            case 4:
                view.Gather<uint>(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(rows.AsSpan()));
                break;
            default:
                view.Gather<ulong>(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(rows.AsSpan()));
                break;
        }

        return rows;
    }

    private void CheckBool(string name, TensorView view, ReadOnlySpan<byte> values)
    {
        if (view.Type.Scalar == ScalarType.Bool && values.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new WeightsException($"{Path}: tensor '{name}': a BOOL is neither 0 nor 1");
        }
    }

    private TensorView View(string name) => views.TryGetValue(name, out var view) ? view : throw new WeightsException($"{Path}: holds no tensor '{name}'");

    private void AddTensors(PickleDictionary dictionary)
    {
        foreach (var (key, value) in dictionary.Items)
        {
            if (value is not TensorView view)
            {
                LeaveOut($"{Name(key)} ({PyTorchSections.Kind(value)})");
                continue;
            }

            string name = PyTorchSections.Name(key) ?? throw new WeightsException(
                $"{Path}: a tensor has no name but {(key is string text ? $"a text of {text.Length:N0} characters" : PyTorchSections.Kind(key))}");
            if (!views.TryAdd(name, view))
            {
                throw new WeightsException($"{Path}: tensor '{name}': appears twice");
            }

            tensors.Add(name, new(name, view.Type.Name, view.Shape) { Begin = Position(view), End = Position(view) + (view.Count * view.Type.Size) });
        }
    }

    private void NameTheRest(PyTorchArchive archive, PickleDictionary chosen)
    {
        if (archive.Root is PickleDictionary root && root != chosen)
        {
            foreach (var (key, value) in root.Items.Where(item => item.Value != chosen))
            {
                LeaveOut($"{Name(key)} ({PyTorchSections.Kind(value)})");
            }
        }

        foreach (string name in archive.Unused)
        {
            LeaveOut($"{name} (a storage that nothing uses)");
        }
    }

    private void LeaveOut(string what)
    {
        if (leftOut.Count < MaxNamed)
        {
            leftOut.Add(what);
        }
        else if (leftOut.Count == MaxNamed)
        {
            leftOut.Add("and more");
        }
    }

    private static string Name(object? key) => PyTorchSections.Name(key) ?? PyTorchSections.Kind(key);

    private static string Listed(IEnumerable<string> sections) =>
        string.Join(", ", sections.Take(10).Select(section => section.Length == 0 ? "the top" : $"'{section}'")) is { Length: > 0 } list ? list : "none";
}
