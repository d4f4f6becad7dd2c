using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// A residual network of basic blocks without its classifier (He et al. 2016, arXiv:1512.03385). Parameters have torchvision's names.
/// It computes in the type of its input: parameters stay float32, and a bfloat16 input makes every convolution run in bfloat16.
/// </summary>
internal sealed class ResNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;

    /// <summary>Builds the network with random weights (He initialisation) drawn from torch's generator.</summary>
    /// <param name="blocksPerStage">Basic blocks in each of the four stages: [2, 2, 2, 2] is ResNet-18, [3, 4, 6, 3] ResNet-34.</param>
    /// <param name="width">Channels of the first stage; each later stage has twice as many. Features are 8 x width wide.</param>
    public ResNet(IReadOnlyList<int> blocksPerStage, int width = 64) : base(nameof(ResNet))
    {
        if (blocksPerStage.Count != 4 || blocksPerStage.Any(blocks => blocks < 1))
        {
            throw new ArgumentException($"A ResNet has four stages of at least one block; given [{string.Join(", ", blocksPerStage)}].", nameof(blocksPerStage));
        }

        FeatureWidth = 8 * width;
        conv1 = Convolution(3, width, kernel: 7, stride: 2);
        bn1 = BatchNorm2d(width);
        layer1 = Stage(width, width, blocksPerStage[0], stride: 1);
        layer2 = Stage(width, 2 * width, blocksPerStage[1], stride: 2);
        layer3 = Stage(2 * width, 4 * width, blocksPerStage[2], stride: 2);
        layer4 = Stage(4 * width, 8 * width, blocksPerStage[3], stride: 2);
        RegisterComponents();
    }

    /// <summary>Width of the feature vector.</summary>
    public int FeatureWidth { get; }

    /// <summary>The layer groups from input to output: the stem, then every block.</summary>
    public IReadOnlyList<LayerGroup> Groups =>
    [
        new("stem", Stem, conv1, bn1) { Hold = type => [ConvolutionNorm.Hold(conv1, bn1, type)] },
        .. new[] { layer1, layer2, layer3, layer4 }.SelectMany((stage, s) => stage.children().Cast<BasicBlock>()
            .Select((block, b) => new LayerGroup($"layer{s + 1}.{b}", block) { Hold = block.Hold })),
    ];

    /// <summary>Maps images [N, 3, H, W] to features [N, 8 x width, H/32, W/32] of the input's type.</summary>
    public override Tensor forward(Tensor images)
    {
        Tensor x = Stem(images);                                    // (N, width, H/4, W/4)
        return layer4.call(layer3.call(layer2.call(layer1.call(x)))); // (N, 8 width, H/32, W/32)
    }

    private Tensor Stem(Tensor images)
    {
        Tensor x = ConvolutionNorm.Forward(images, conv1, bn1).relu_();          // (N, width, H/2, W/2)
        return functional.max_pool2d(x, 3, stride: 2, padding: 1);  // (N, width, H/4, W/4)
    }

    private static Sequential Stage(int inputs, int outputs, int blocks, int stride) => Sequential(
        Enumerable.Range(0, blocks).Select(i => i == 0 ? new BasicBlock(inputs, outputs, stride) : new BasicBlock(outputs, outputs, 1)));

    private static Conv2d Convolution(int inputs, int outputs, int kernel, int stride)
    {
        Conv2d convolution = Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: false);
        init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        return convolution;
    }

    private sealed class BasicBlock : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Sequential? downsample;

        public BasicBlock(int inputs, int outputs, int stride) : base(nameof(BasicBlock))
        {
            conv1 = Convolution(inputs, outputs, kernel: 3, stride);
            bn1 = BatchNorm2d(outputs);
            conv2 = Convolution(outputs, outputs, kernel: 3, stride: 1);
            bn2 = BatchNorm2d(outputs);
            if (stride != 1 || inputs != outputs)
            {
                downsample = Sequential(Convolution(inputs, outputs, kernel: 1, stride), BatchNorm2d(outputs));
            }

            RegisterComponents();
        }

        public IEnumerable<IDisposable> Hold(ScalarType type)
        {
            yield return ConvolutionNorm.Hold(conv1, bn1, type);
            yield return ConvolutionNorm.Hold(conv2, bn2, type);
            if (downsample is not null)
            {
                yield return ConvolutionNorm.Hold((Conv2d)downsample[0], (BatchNorm2d)downsample[1], type);
            }
        }

        public override Tensor forward(Tensor x)
        {
            Tensor shortcut = downsample is null ? x : ConvolutionNorm.Forward(x, (Conv2d)downsample[0], (BatchNorm2d)downsample[1]);
            Tensor y = ConvolutionNorm.Forward(x, conv1, bn1).relu_();
            return ConvolutionNorm.Forward(y, conv2, bn2).PlusInPlace(shortcut).relu_();   // (N, outputs, H/stride, W/stride)
        }
    }
}
