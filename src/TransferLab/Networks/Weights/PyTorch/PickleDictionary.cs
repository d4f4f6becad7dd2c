namespace TransferLab.Networks.Weights;

/// <summary>A dictionary of a pickle, ordered or not: its items in the file's order. Keys may be of any kind; nothing is looked up by them.</summary>
internal sealed class PickleDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>The value under a text, or null.</summary>
    public object? this[string key] => Items.Find(item => item.Key is string text && text == key).Value;
}
