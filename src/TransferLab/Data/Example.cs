namespace TransferLab.Data;

/// <summary>One labelled input of a task.</summary>
/// <param name="Name">What reports and prediction files call it: for an image, its path relative to the data folder, with '/'.</param>
/// <param name="Source">Where its content is: for an image, the path of its file; for a text, the text itself.</param>
/// <param name="Label">Index into <see cref="LabeledData.Classes"/>.</param>
/// <param name="Hash">SHA-256 (lower-case hex) of the content: for an image, of its decoded pixels. Empty until checked.</param>
public sealed record Example(string Name, string Source, int Label, string Hash = "");
