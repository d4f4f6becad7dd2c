namespace TransferLab.Data;

/// <summary>An image folder that has been read and checked.</summary>
/// <param name="Data">The task.</param>
/// <param name="MedianShortSide">Median of the training images' shorter side in pixels: more than this an input size cannot show.</param>
public sealed record ImageData(LabeledData Data, int MedianShortSide);
