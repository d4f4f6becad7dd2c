using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>Patches as tokens: projected, with their positions, behind the class token and the registers.</summary>
internal sealed class PatchEmbeddings : Module<Tensor, Tensor>
{
    private readonly VisionTransformerShape _shape;
    private readonly Parameter class_token, positions;
    private readonly Parameter? registers;
    private readonly Conv2d patches;
    private readonly LayerNorm? norm;

    public PatchEmbeddings(VisionTransformerShape shape) : base(nameof(PatchEmbeddings))
    {
        _shape = shape;
        class_token = Random(1, 1, shape.Width);
        registers = shape.Registers > 0 ? Random(1, shape.Registers, shape.Width) : null;
        positions = Random(1, shape.Positions, shape.Width);
        patches = Conv2d(3, shape.Width, shape.Patch, stride: shape.Patch, bias: shape.PatchBias);
        norm = shape.InputNorm ? LayerNorm(shape.Width) : null;
        RegisterComponents();
    }

    /// <summary>Maps images [N, 3, H, W] to tokens [N, 1 + registers + patches, width].</summary>
    public override Tensor forward(Tensor images)
    {
        Tensor maps = ConvolutionNorm.Convolve(images, patches);                                                     // (N, width, h, w)
        (long batch, long height, long width) = (maps.shape[0], maps.shape[2], maps.shape[3]);
        (Tensor? ofClass, Tensor ofPatches) = Positions(positions, _shape, height, width);
        Tensor tokens = maps.permute(0, 2, 3, 1).reshape(batch, height * width, -1).Plus(ofPatches.to(maps.dtype));  // (N, h w, width)
        Tensor first = (ofClass is null ? class_token : class_token.Plus(ofClass)).to(maps.dtype).expand(batch, -1, -1);
        tokens = registers is null ? cat([first, tokens], 1) : cat([first, registers.to(maps.dtype).expand(batch, -1, -1), tokens], 1);
        return norm is null ? tokens : VisionTransformer.Normalize(tokens, norm, _shape.Epsilon);
    }

    /// <summary>Positions of the class token [1, 1, width], if it has one, and of so many patches [1, height x width, width]: those of pretraining, or bicubic
    /// between them.</summary>
    public static (Tensor? OfClass, Tensor OfPatches) Positions(Tensor table, VisionTransformerShape shape, long height, long width)
    {
        Tensor? ofClass = shape.ClassPosition ? table[.., ..1] : null;
        Tensor ofPatches = shape.ClassPosition ? table[.., 1..] : table;
        if (height == shape.Grid && width == shape.Grid)
        {
            return (ofClass, ofPatches);
        }

        Tensor grid = ofPatches.reshape(1, shape.Grid, shape.Grid, -1).permute(0, 3, 1, 2);
        Tensor resized = functional.interpolate(grid, [height, width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: shape.SmoothPositions);
        return (ofClass, resized.permute(0, 2, 3, 1).reshape(1, height * width, -1));
    }

    private static Parameter Random(params long[] size)
    {
        Parameter parameter = new(empty(size));
        init.normal_(parameter, 0, 0.02);
        return parameter;
    }
}
