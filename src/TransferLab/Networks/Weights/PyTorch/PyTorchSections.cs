using System.Numerics;

namespace TransferLab.Networks.Weights;

/// <summary>
/// The dictionaries of tensors inside a saved value. A file may be one itself, or hold one under a name, beside the optimizer's state and the number of the
/// epoch.
/// </summary>
internal static class PyTorchSections
{
    private const int MaxDepth = 4;
    private const int MaxSections = 100;
    private const int MostName = 1024;

    // Where a network's weights usually are, the likeliest first.
    private static readonly string[] Usual = ["", "state_dict", "model_state_dict", "model", "net", "network", "weights", "params"];

    /// <summary>Dictionaries that hold tensors, by their path: "" for the value itself, "state_dict", "optimizer.state.0".</summary>
    public static Dictionary<string, PickleDictionary> Find(object? root)
    {
        Dictionary<string, PickleDictionary> found = new(StringComparer.Ordinal);
        HashSet<PickleDictionary> seen = new(ReferenceEqualityComparer.Instance); // One dictionary may appear in many places, or in itself.
        Queue<(string Path, object? Value, int Depth)> open = new([("", root, 0)]);
        while (open.TryDequeue(out var next) && found.Count < MaxSections)
        {
            if (next.Value is not PickleDictionary dictionary || !seen.Add(dictionary))
            {
                continue;
            }

            if (dictionary.Items.Exists(item => item.Value is TensorView))
            {
                found.TryAdd(next.Path, dictionary);
            }

            foreach (var (key, value) in dictionary.Items)
            {
                if (value is PickleDictionary inner && !seen.Contains(inner) && next.Depth < MaxDepth && Name(key) is { } name)
                {
                    open.Enqueue((next.Path.Length == 0 ? name : $"{next.Path}.{name}", value, next.Depth + 1));
                }
            }
        }

        return found;
    }

    /// <summary>The section that holds the weights, or null where that cannot be told.</summary>
    public static string? Choose(IReadOnlyDictionary<string, PickleDictionary> sections) =>
        Usual.FirstOrDefault(sections.ContainsKey) ?? (sections.Count == 1 ? sections.Keys.First() : null);

    /// <summary>What a value is, for people.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long or double or BigInteger => "a number",
        string => "a text",
        byte[] => "bytes",
        TensorView => "a tensor",
        PickleDictionary => "a dictionary",
        List<object?> or object?[] => "a list",
        _ => "a type",
    };

    /// <summary>A key as part of a name.</summary>
    public static string? Name(object? key) => key switch
    {
        string { Length: <= MostName } text => text,
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };
}
