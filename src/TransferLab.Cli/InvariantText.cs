using System.Globalization;
using System.Runtime.CompilerServices;

namespace TransferLab.Cli;

/// <summary>An interpolated text whose numbers are written alike everywhere: what a command prints does not depend on the language of the machine.</summary>
[InterpolatedStringHandler]
internal ref struct InvariantText
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Called by the compiler.</summary>
    public InvariantText(int literalLength, int formattedCount) => _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, int alignment, string? format = null) => _text.AppendFormatted(value, alignment, format);

    /// <summary>The text; asked once.</summary>
    public override string ToString() => _text.ToStringAndClear();
}
