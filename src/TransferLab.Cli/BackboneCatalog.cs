using TransferLab.Backbones;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Cli;

/// <summary>The backbones by name, as the command line knows them. The size is pixels for images and tokens for texts.</summary>
internal static class BackboneCatalog
{
    private const int DefaultTokens = 128, FewestTokens = 3, MostTokens = 512;

    private static readonly (string Name, string Kind, Func<int?, Backbone> Create)[] s_all =
    [
        ("resnet18", "image", pixels => ResNet18.ImageNetAt(pixels ?? ResNet18.PretrainingSize)),
        ("minilm", "text", tokens => MiniLM.English(tokens ?? DefaultTokens)),
        ("arctic-xs", "text", tokens => ArcticXs.English(tokens ?? DefaultTokens)),
    ];

    /// <summary>All names.</summary>
    public static string Names => string.Join(", ", s_all.Select(item => $"{item.Name} ({item.Kind}s)")) + ", or the .safetensors file of a saved network";

    /// <summary>The backbone of a name or of a saved model, or the first of a kind where none is given.</summary>
    /// <param name="name">The name or file; null for the first of the kind.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    /// <param name="size">What it sees; null for 224 px or 128 tokens, and for a saved network's own.</param>
    /// <exception cref="ArgumentException">There is none of that name, it is of the other kind, or it cannot see inputs of that size.</exception>
    public static Backbone Create(string? name, string kind, int? size)
    {
        CheckSize(kind, size);
        if (name is not null && BackboneFile.IsFile(name))
        {
            Backbone saved = BackboneFile.Load(name);
            return saved.Encoder.Kind == kind ? Resized(saved, size) : throw new ArgumentException($"The backbone '{name}' reads {saved.Encoder.Kind}s, not {kind}s.");
        }

        (string Name, string Kind, Func<int?, Backbone> Create) found = s_all.FirstOrDefault(item => name is null ? item.Kind == kind : item.Name == name);
        return found.Create is null ? throw new ArgumentException($"There is no backbone '{name}'; choose {Names}.")
            : found.Kind != kind ? throw new ArgumentException($"The backbone '{name}' reads {found.Kind}s, not {kind}s; choose {Names}.")
            : found.Create(size);
    }

    /// <summary>What the files of a trained model may take: a network as .safetensors and as ONNX, float32, and the checkpoint on the way.</summary>
    /// <param name="strategy">How it is trained.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    public static long ModelBytes(Strategy strategy, string kind) => strategy is not TransferStrategy ? 20 << 20 : kind == "image" ? 130 << 20 : 190 << 20;

    private static void CheckSize(string kind, int? size)
    {
        if (kind == "image" && size is { } pixels)
        {
            try
            {
                ImageSizes.Check(pixels);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"--image-size {pixels}: {e.Message}", e);
            }
        }

        if (kind == "text" && size is { } tokens && tokens is < FewestTokens or > MostTokens)
        {
            throw new ArgumentException($"--max-tokens {tokens}: the network has positions for {FewestTokens} to {MostTokens}.");
        }
    }

    private static Backbone Resized(Backbone saved, int? size) => (saved.Encoder, size) switch
    {
        (_, null) => saved,
        (ImageEncoder images, { } pixels) => saved with { Encoder = images with { Size = pixels } },
        (TextEncoder texts, { } tokens) => saved with { Encoder = new TextEncoder(texts.Vocabulary, tokens) },
        (_, { } given) => throw new ArgumentException($"The backbone '{saved.Card.Name}' reads inputs of one size alone, so it cannot be given {given}; leave the size out."),
    };
}
