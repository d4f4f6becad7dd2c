using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>The memory layout in which CPU convolutions are fastest. TorchSharp binds no memory format; it is a matter of strides.</summary>
internal static class ChannelsLast
{
    /// <summary>The same values [N, C, H, W], stored as [N, H, W, C].</summary>
    public static Tensor Of(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
