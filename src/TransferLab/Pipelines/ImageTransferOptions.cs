using TransferLab.Networks;

namespace TransferLab.Pipelines;

/// <summary>How images are learned.</summary>
public sealed record ImageTransferOptions : TransferOptions
{
    private readonly string _image = "ImagePath";

    /// <summary>The column of the images: their paths as text, or images (<c>MLImage</c>) that an earlier step loaded.</summary>
    public string ImageColumnName
    {
        get => _image;
        init => _image = Named(value, nameof(ImageColumnName));
    }

    /// <summary>How training images are varied, in strategies that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <inheritdoc/>
    internal override string InputColumnName => ImageColumnName;

    /// <inheritdoc/>
    internal override InputKind Kind => InputKind.Image;
}
