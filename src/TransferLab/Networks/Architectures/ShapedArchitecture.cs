using System.Text.Json;
using System.Text.Json.Serialization;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// A family whose networks differ in a record of sizes. Its description is the family's name and that record as JSON without what is usual:
/// <c>vit{"layers":12,"width":192}</c>.
/// </summary>
/// <typeparam name="TShape">A record with usual values for all but the sizes that must be said; plain numbers, flags, texts, enums and lists of
/// them.</typeparam>
internal abstract class ShapedArchitecture<TShape> : Architecture
    where TShape : class
{
    private const int LongestDescription = 1 << 14; // More than two hundred blocks, the most of any family, take.
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        MaxDepth = 4,
    };

    /// <summary>The network of a shape.</summary>
    public virtual ArchitectureDescription Of(TShape shape) => new(this, Name + JsonSerializer.Serialize(shape, s_json));

    /// <inheritdoc/>
    public sealed override bool Describes(string description) => Parse(description) is not null;

    /// <inheritdoc/>
    public sealed override BackboneNetwork Build(string description) =>
        Build(Parse(description) ?? throw new ArgumentException($"'{description}' describes no network of the family '{Name}'."));

    /// <summary>Builds the network of a shape with random weights from torch's generator. The caller owns it.</summary>
    public abstract BackboneNetwork Build(TShape shape);

    /// <inheritdoc/>
    /// <remarks>The matrices are compared in the order of the network: a file that lacks one is refused at it, however many there would be.</remarks>
    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
        foreach ((string name, long[] shape) in Matrices(Parse(description)!))
        {
            if (!file.Tensors.TryGetValue(name, out TensorEntry? entry) || !entry.Shape.SequenceEqual(shape))
            {
                throw new WeightsException(
                    $"{file.Path}: '{name}' is missing or of another shape than the architecture '{description}' has; the file is damaged.");
            }
        }
    }

    /// <inheritdoc/>
    internal override IEnumerable<(string Name, long[] Shape)> LargeTensors(string description) => Parse(description) is { } shape ? Matrices(shape) : [];

    /// <summary>Names and shapes of the network's large tensors, first to last, made as they are asked for: most of its memory.</summary>
    protected abstract IEnumerable<(string Name, long[] Shape)> Matrices(TShape shape);

    /// <summary>Whether a shape that was read makes sense: positive sizes within bounds, heads that share the width evenly.</summary>
    protected abstract bool IsSound(TShape shape);

    /// <summary>The shape of a description in a form that earlier versions wrote; null where it is none.</summary>
    protected virtual TShape? ParseOlder(string description) => null;

    /// <summary>The shape of a description; null where it is of another family or unsound.</summary>
    internal TShape? Parse(string description)
    {
        if (!description.StartsWith(Name + "{", StringComparison.Ordinal) || description.Length > LongestDescription)
        {
            return ParseOlder(description);
        }

        try
        {
            return JsonSerializer.Deserialize<TShape>(description.AsSpan(Name.Length), s_json) is { } shape && IsSound(shape) ? shape : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or OverflowException)
        {
            return null;
        }
    }
}
