namespace TransferLab.Data;

/// <summary>How a picture that is not square becomes one.</summary>
public enum ImageFit
{
    /// <summary>The short side is resized, and of the long one the middle seen: nothing is distorted.</summary>
    Crop,

    /// <summary>Both sides are resized to the same: all is seen, and distorted. So are images prepared for many vision transformers.</summary>
    Squash,
}
