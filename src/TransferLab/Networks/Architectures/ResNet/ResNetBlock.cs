using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>A block of a <see cref="ResNet"/>: two convolutions of 3x3, or one between two of 1x1, beside a shortcut.</summary>
internal sealed class ResNetBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1, conv2;
    private readonly BatchNorm2d bn1, bn2;
    private readonly Conv2d? conv3;
    private readonly BatchNorm2d? bn3;
    private readonly Sequential? downsample;
    private readonly int _padding;

    public ResNetBlock(ResNetShape shape, int stage, int block) : base(nameof(ResNetBlock))
    {
        (int inputs, int outputs, int stride) = (shape.InputsOf(stage, block), shape.WidthOf(stage), ResNetShape.StrideOf(stage, block));
        if (shape.Inner is { } inner)
        {
            int width = inner[stage];
            conv1 = ResNet.Convolution(inputs, width, kernel: 1, shape.StridesFirst ? stride : 1);
            bn1 = BatchNorm2d(width);
            conv2 = ResNet.Convolution(width, width, kernel: 3, shape.StridesFirst ? 1 : stride, shape.Groups);
            bn2 = BatchNorm2d(width);
            conv3 = ResNet.Convolution(width, outputs, kernel: 1, stride: 1);
            bn3 = BatchNorm2d(outputs);
        }
        else
        {
            conv1 = ResNet.Convolution(inputs, outputs, kernel: 3, stride);
            bn1 = BatchNorm2d(outputs);
            conv2 = ResNet.Convolution(outputs, outputs, kernel: 3, stride: 1);
            bn2 = BatchNorm2d(outputs);
        }

        if (shape.HasProjection(stage, block))
        {
            downsample = Sequential(ResNet.Convolution(inputs, outputs, kernel: 1, stride), BatchNorm2d(outputs));
        }

        _padding = downsample is null && stride != 1 ? (outputs - inputs) / 2 : 0;
        RegisterComponents();
    }

    public IEnumerable<IDisposable> CastWeights(ScalarType type)
    {
        yield return ConvolutionNorm.CastWeights(conv1, bn1, type);
        yield return ConvolutionNorm.CastWeights(conv2, bn2, type);
        if (conv3 is not null)
        {
            yield return ConvolutionNorm.CastWeights(conv3, bn3!, type);
        }

        if (downsample is not null)
        {
            yield return ConvolutionNorm.CastWeights((Conv2d)downsample[0], (BatchNorm2d)downsample[1], type);
        }
    }

    public override Tensor forward(Tensor x)
    {
        Tensor shortcut = downsample is not null ? ConvolutionNorm.Forward(x, (Conv2d)downsample[0], (BatchNorm2d)downsample[1])
            : _padding > 0 ? functional.pad(x[.., .., TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)], [0, 0, 0, 0, _padding, _padding])
            : x;
        Tensor y = ConvolutionNorm.Forward(x, conv1, bn1).relu_();
        y = ConvolutionNorm.Forward(y, conv2, bn2);
        y = conv3 is null ? y : ConvolutionNorm.Forward(y.relu_(), conv3, bn3!);
        return y.PlusInPlace(shortcut).relu_();                                 // (N, outputs, H/stride, W/stride)
    }
}
