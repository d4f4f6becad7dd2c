using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>
/// What a saved model may be made of: architectures, encoders and tasks by the names that its file holds. A value: <see cref="Known"/> is the library's own,
/// and <c>With</c> gives one with more.
/// </summary>
/// <example><code>
/// Registry mine = Registry.Known.With(new MyArchitecture());
/// using TrainedModel model = ModelFile.Load("mine.safetensors", registry: mine);
/// </code></example>
public sealed record Registry
{
    private Registry()
    {
    }

    /// <summary>What the library knows itself.</summary>
    public static Registry Known { get; } = new()
    {
        Architectures = [new ResNetArchitecture(), new InvertedResidualArchitecture(), new VisionTransformerArchitecture(), new ConvNextArchitecture(),
            new BertArchitecture(), new ModernBertArchitecture(), new LlamaArchitecture()],
        Encoders = [TextEncoder.Format, ImageEncoder.Format],
        Tasks = [],
    };

    /// <summary>The families of networks, the last added first.</summary>
    public IReadOnlyList<Architecture> Architectures { get; private init; } = [];

    /// <summary>The encoders, the last added first.</summary>
    public IReadOnlyList<EncoderFormat> Encoders { get; private init; } = [];

    /// <summary>The tasks besides classification, the last added first.</summary>
    public IReadOnlyList<TaskFormat> Tasks { get; private init; } = [];

    /// <summary>This registry and one architecture more.</summary>
    public Registry With(Architecture architecture) => this with { Architectures = [architecture, .. Architectures] };

    /// <summary>This registry and one kind of encoder more.</summary>
    public Registry With(EncoderFormat encoder) => this with { Encoders = [encoder, .. Encoders] };

    /// <summary>This registry and one kind of task more.</summary>
    public Registry With(TaskFormat task) => this with { Tasks = [task, .. Tasks] };

    /// <summary>The network of a description that a file holds.</summary>
    /// <exception cref="WeightsException">No architecture knows it.</exception>
    internal ArchitectureDescription Architecture(string description, string file) =>
        Architectures.FirstOrDefault(architecture => architecture.Describes(description)) is { } found
            ? new(found, description)
            : throw new WeightsException($"{file}: the architecture '{description}' is not known to this version.");

    /// <summary>How inputs reach the network of a file.</summary>
    /// <exception cref="WeightsException">No encoder knows its metadata.</exception>
    internal InputEncoder Encoder(SafetensorsFile file) => (Encoders.FirstOrDefault(format => format.IsIn(file.Metadata)) ?? Encoders[^1]).Read(file);
}
