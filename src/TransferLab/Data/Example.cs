namespace TransferLab.Data;

/// <summary>One input of a task, with what is to be predicted for it.</summary>
/// <param name="Name">What reports and prediction files call it: for an image, its path relative to the data folder, with '/'.</param>
/// <param name="Source">Where its content is: for an image, the path of its file; for a text, the text itself.</param>
/// <param name="Target">What is to be predicted.</param>
/// <param name="Hash">SHA-256 (lower-case hex) of the content: for an image, of its decoded pixels. Empty until checked.</param>
public sealed record Example(string Name, string Source, Target Target, string Hash = "")
{
    /// <summary>An example of a class.</summary>
    /// <param name="name">What reports and prediction files call it.</param>
    /// <param name="source">Where its content is.</param>
    /// <param name="label">Index into <see cref="LabeledData.Classes"/>.</param>
    /// <param name="hash">SHA-256 (lower-case hex) of the content; empty until checked.</param>
    public Example(string name, string source, int label, string hash = "") : this(name, source, new ClassTarget(label), hash)
    {
    }

    /// <summary>Its class, as an index into <see cref="LabeledData.Classes"/>.</summary>
    /// <exception cref="InvalidOperationException">Its target is no class.</exception>
    public int Label
    {
        get => Target is ClassTarget { Index: int index } ? index : throw new InvalidOperationException($"'{Name}' has no class: its target is {Target}.");
        init => Target = new ClassTarget(value);
    }
}
