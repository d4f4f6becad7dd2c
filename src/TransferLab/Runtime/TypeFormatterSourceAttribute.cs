namespace TransferLab.Runtime;

/// <summary>
/// Says how a class shows itself in a .NET notebook. The notebook's kernel finds the attribute by its name and the shape of its members, so nothing of the
/// kernel is referenced.
/// </summary>
/// <param name="formatterSourceType">A class with a public <c>CreateTypeFormatters()</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>Makes the formatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>What the kernel asks for, the best first.</summary>
    public string[] PreferredMimeTypes { get; set; } = ["text/html", "text/plain"];
}
