using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>A convolution without bias, then batch normalisation; strided ones may be padded as TensorFlow does.</summary>
internal sealed class NormalizedConvolution : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d norm;
    private readonly bool _same;

    public NormalizedConvolution(int inputs, int outputs, int kernel, int stride, int groups, InvertedResidualShape shape) : base(nameof(NormalizedConvolution))
    {
        _same = shape.SamePadding && stride > 1 && kernel > 1;
        conv = Conv2d(inputs, outputs, kernel, stride: stride, padding: _same ? 0 : kernel / 2, groups: groups, bias: false);
        init.kaiming_normal_(conv.weight!, mode: init.FanInOut.FanOut);
        norm = BatchNorm2d(outputs, shape.Epsilon);
        RegisterComponents();
    }

    public IEnumerable<IDisposable> CastWeights(ScalarType type) => [ConvolutionNorm.CastWeights(conv, norm, type)];

    public override Tensor forward(Tensor x) => ConvolutionNorm.Forward(_same ? SamePadding.Before(x, conv.kernel_size![0], conv.stride![0]) : x, conv, norm);
}
