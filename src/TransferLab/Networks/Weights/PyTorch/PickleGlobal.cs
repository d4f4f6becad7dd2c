namespace TransferLab.Networks.Weights;

/// <summary>A name of a Python program that a file of weights may mention: what stands for it here. Everything else is refused.</summary>
/// <param name="Name">As the file says it: <c>torch._utils._rebuild_tensor_v2</c>.</param>
internal sealed record PickleGlobal(string Name)
{
    private static readonly Dictionary<string, PickleGlobal> Known = All().ToDictionary(item => item.Name, StringComparer.Ordinal);

    /// <summary>Gives the value of a call with these arguments, or null where it does not take them; a FormatException says why a tensor cannot be.</summary>
    public Func<object?[], object?>? Call { get; private init; }

    /// <summary>Whether it is the class of a storage.</summary>
    public bool IsStorage { get; private init; }

    /// <summary>The type of a storage's elements, or that a type's name stands for.</summary>
    public TensorType? Type { get; private init; }

    public static PickleGlobal? Find(string module, string name) => Known.GetValueOrDefault($"{module}.{name}");

    private static IEnumerable<PickleGlobal> All()
    {
        yield return new("collections.OrderedDict") { Call = OrderedDictionary };
        yield return new("torch.Size") { Call = arguments => arguments is [object?[] or List<object?>] ? arguments[0] : null };
        yield return new("torch.device") { Call = arguments => arguments is [string, ..] ? new PickleGlobal("torch.device") : null };
        yield return new("torch._utils._rebuild_tensor") { Call = arguments => arguments.Length == 4 ? Tensor(arguments) : null };
        yield return new("torch._utils._rebuild_tensor_v2") { Call = arguments => arguments.Length is 6 or 7 ? Tensor(arguments) : null };
        yield return new("torch._utils._rebuild_tensor_v3")
        {
            Call = arguments => arguments is [_, _, _, _, _, _, PickleGlobal { IsStorage: false, Type: { } type }, ..] ? Tensor(arguments, type) : null,
        };
        yield return new("torch._utils._rebuild_parameter") { Call = arguments => arguments is [TensorView, _, _] ? arguments[0] : null };
        (string Storage, string[] Names, string Type)[] types =
        [
            ("Double", ["float64", "double"], "F64"), ("Float", ["float32", "float"], "F32"), ("Half", ["float16", "half"], "F16"),
                ("BFloat16", ["bfloat16"], "BF16"),
            ("Long", ["int64", "long"], "I64"), ("Int", ["int32", "int"], "I32"), ("Short", ["int16", "short"], "I16"), ("Char", ["int8"], "I8"),
                ("Byte", ["uint8"], "U8"),
            ("Bool", ["bool"], "BOOL"),
        ];
        foreach (var (storage, names, type) in types)
        {
            yield return new($"torch.{storage}Storage") { IsStorage = true, Type = TensorType.Find(type) };
            yield return new($"torch.cuda.{storage}Storage") { IsStorage = true, Type = TensorType.Find(type) };
            foreach (string name in names)
            {
                yield return new($"torch.{name}") { Type = TensorType.Find(type) };
            }
        }

        yield return new("torch.storage.UntypedStorage") { IsStorage = true };
        yield return new("torch.UntypedStorage") { IsStorage = true };
        yield return new("torch.storage._UntypedStorage") { IsStorage = true };
    }

    private static PickleDictionary? OrderedDictionary(object?[] arguments)
    {
        PickleDictionary dictionary = new();
        if (arguments is [List<object?> or object?[]])
        {
            foreach (object? item in (IEnumerable<object?>)arguments[0]!)
            {
                object?[]? pair = item as object?[] ?? (item as List<object?>)?.ToArray();
                if (pair is not [var key, var value])
                {
                    return null;
                }

                dictionary.Items.Add(new(key, value));
            }

            return dictionary;
        }

        return arguments.Length == 0 ? dictionary : null;
    }

    private static TensorView? Tensor(object?[] arguments, TensorType? type = null) =>
        arguments is [StoragePart part, long offset, object?[] shape, object?[] strides, ..] && (part.Storage.Type ?? type) is { } element
            && (type is null || part.Storage.Type is null || type == element)
            && shape.All(size => size is long) && strides.All(stride => stride is long)
            ? TensorView.Create(part, element, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()])
            : null;
}
