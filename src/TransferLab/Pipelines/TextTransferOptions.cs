using TransferLab.Networks;

namespace TransferLab.Pipelines;

/// <summary>How texts are learned.</summary>
public sealed record TextTransferOptions : TransferOptions
{
    private readonly string _text = "Text";

    /// <summary>The column of the texts.</summary>
    public string TextColumnName
    {
        get => _text;
        init => _text = Named(value, nameof(TextColumnName));
    }

    /// <inheritdoc/>
    internal override string InputColumnName => TextColumnName;

    /// <inheritdoc/>
    internal override InputKind Kind => InputKind.Text;
}
