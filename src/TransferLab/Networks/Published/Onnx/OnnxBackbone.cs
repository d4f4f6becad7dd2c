using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>Any ONNX file of images or of token ids as a backbone whose weights stay as they are: ONNX Runtime computes its features.</summary>
internal static class OnnxBackbone
{
    private const string Group = "onnx";
    private const int UsualPositions = 512, OffsetPositions = 2;

    /// <summary>Makes the backbone; the graph is run once, on a black image or a short text, to see what it gives.</summary>
    /// <param name="model">The open file, with what the user says of it.</param>
    /// <exception cref="WeightsException">It reads neither images nor tokens, has several outputs and none is named, or it is not known how its images are
    /// prepared, or its texts split.</exception>
    public static Backbone Of(PublishedModel model)
    {
        var file = (OnnxFile)model.Weights;
        var input = OnnxInput.Of(file);
        string output = file.ChooseOutput(model.Options.OnnxOutput, input.UsualOutputs);
        (InputEncoder encoder, Pooling pooling, string assumed) = input is OnnxTextInput texts ? Texts(model, texts) : Images(model, (OnnxImageInput)input);
        OnnxRunner runner = new(file, input, output);
        int width = Width(runner, input.Probe(encoder));
        byte[] hash = Hash(file);
        byte[] key = SHA256.HashData([.. hash, .. Encoding.UTF8.GetBytes($"{output}/{pooling}")]);
        return new()
        {
            Card = PublishedCard.Of(model,
                $"an ONNX file that runs as it is, features '{output}', {width:N0} wide") with
            { Sha256 = Convert.ToHexString(hash).ToLowerInvariant(), Assumed = assumed },
            Build = () =>
            {
                OnnxNetwork network = new(key);
                return new(network, [new(Group, x => x with { Values = runner.Run(x) }, network)], width) { Pooling = pooling };
            },
            LoadWeights = _ => { },
            Encoder = encoder,
            FrozenOnly = "an ONNX file, which runs as it is",
        };
    }

    private static (InputEncoder Encoder, Pooling Pooling, string Assumed) Images(PublishedModel model, OnnxImageInput input) =>
        (Encoder(model, input), model.Options.Pooling ?? Pooling.Mean, "");

    private static (InputEncoder Encoder, Pooling Pooling, string Assumed) Texts(PublishedModel model, OnnxTextInput input)
    {
        int offset = model.ModelType is "roberta" or "xlm-roberta" or "camembert" or "mpnet" ? OffsetPositions : 0; // Their first positions are padding's.
        int positions = model.Config?.Int("max_position_embeddings", otherwise: UsualPositions) - offset ?? UsualPositions;
        var texts = PublishedTexts.Of(model, input.Length ?? positions, model.Config?.Int("vocab_size", otherwise: int.MaxValue) ?? int.MaxValue);
        return (texts.Encoder, texts.Pooling, texts.Assumed);
    }

    private static ImageEncoder Encoder(PublishedModel model, OnnxImageInput input)
    {
        BackboneOptions options = model.Options;
        bool isTold = model.Preprocessor is not null || model.Config?.Inner("pretrained_cfg") is not null;
        if (!isTold && (options.Mean is null || options.Deviation is null))
        {
            throw new WeightsException($"{model.Path}: says nothing of how pixels are prepared; give option Mean and option Deviation, of pixels of 0 to 255: "
                + "123.7,116.3,103.5 and 58.4,57.1,57.4 for ImageNet's, 127.5 and 127.5 for -1 to 1, 0 and 255 for 0 to 1, 0 and 1 where the graph prepares "
                    + "them itself.");
        }

        if (input.Size is { } fixedSize && options.ImageSize is { } asked && asked != fixedSize)
        {
            throw new WeightsException($"{model.Path}: takes images of {fixedSize} px alone, and option ImageSize is {asked}; leave it out.");
        }

        if (!isTold && input.Size is null && options.ImageSize is null)
        {
            throw new WeightsException($"{model.Path}: takes images of any size; give option ImageSize, such as 224.");
        }

        ImageEncoder encoder = ImagePreprocessing.Of(model, ImageSettings.ImageNet, input.Size).Encoder;
        return input.Size is { } size && encoder.Size != size ? encoder with { Size = size } : encoder;
    }

    private static int Width(OnnxRunner runner, Batch probe)
    {
        Runtime.LibTorch.Load();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        long[] shape = runner.Run(probe).shape;
        return (int)(shape.Length == 4 ? shape[1] : shape[^1]);
    }

    private static byte[] Hash(OnnxFile file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[1 << 20];
        foreach (string path in file.External.Prepend(file.Path))
        {
            using FileStream stream = File.OpenRead(path);
            for (int read; (read = stream.Read(piece)) > 0;)
            {
                hash.AppendData(piece, 0, read);
            }
        }

        return hash.GetHashAndReset();
    }

    /// <summary>A module without parameters; its buffer is a hash of file and output, which tells its features from others'.</summary>
    private sealed class OnnxNetwork : Module
    {
        public OnnxNetwork(byte[] key) : base(nameof(OnnxNetwork))
        {
            register_buffer("key", tensor(key));
            RegisterComponents();
        }
    }
}
