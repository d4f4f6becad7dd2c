namespace TransferLab.Networks.Weights;

/// <summary>The stack and the memory of a pickle's machine. What lies below the last mark is out of reach, as in Python.</summary>
internal sealed class PickleStack
{
    private readonly List<object?> values = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<uint, object?> memory = [];

    /// <summary>Values that can be reached.</summary>
    public int Count => values.Count - Floor;

    private int Floor => marks.Count > 0 ? marks.Peek() : 0;

    public void Push(object? value) => values.Add(value);

    public object? Top => values[^(Count > 0 ? 1 : throw Underflow())];

    public object? Pop()
    {
        object? top = Top;
        values.RemoveAt(values.Count - 1);
        return top;
    }

    public void Mark() => marks.Push(values.Count);

    /// <summary>Everything above the last mark, which goes too.</summary>
    public object?[] PopToMark()
    {
        int mark = marks.Count > 0 ? marks.Pop() : throw Underflow();
        object?[] items = [.. values[mark..]];
        values.RemoveRange(mark, values.Count - mark);
        return items;
    }

    public object?[] Pop(int count)
    {
        object?[] items = count <= Count ? [.. values[^count..]] : throw Underflow();
        values.RemoveRange(values.Count - count, count);
        return items;
    }

    public void Remember(uint key) => memory[key] = Top;

    public void RememberNext() => Remember((uint)memory.Count);

    public object? Recall(uint key) => memory.TryGetValue(key, out object? value)
        ? value
        : throw new FormatException($"value {key} is used before it was kept");

    /// <summary>The last text pushed and not yet used: the name of what is being built, in a dictionary.</summary>
    public string? LastText()
    {
        int index = values.FindLastIndex(values.Count - 1, Math.Min(values.Count, 16), value => value is string);
        return index < 0 ? null : (string)values[index]!;
    }

    private static FormatException Underflow() => new("an instruction finds nothing to work on");
}
