using System.Text.Json;
using System.Text.Json.Serialization;

namespace TransferLab.Networks;

/// <summary>What a network reads: images, texts, or a kind of one's own. Two of one name are the same; in files it is its name.</summary>
[JsonConverter(typeof(Converter))]
public sealed record InputKind
{
    /// <summary>A kind.</summary>
    /// <param name="name">The noun for one input, in the singular.</param>
    public InputKind(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Pictures.</summary>
    public static InputKind Image { get; } = new("image");

    /// <summary>Texts that are read whole.</summary>
    public static InputKind Text { get; } = new("text");

    /// <summary>Texts of which the next token is predicted.</summary>
    public static InputKind Completion { get; } = new("completion");

    /// <summary>Questions that a language model answers.</summary>
    public static InputKind Question { get; } = new("question");

    /// <summary>The noun for one input, in the singular: "image".</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class Converter : JsonConverter<InputKind>
    {
        public override InputKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.GetString() is { } name && !string.IsNullOrWhiteSpace(name)
                ? new(name)
                : throw new JsonException("A kind of input is a name such as 'image' or 'text'.");

        public override void Write(Utf8JsonWriter writer, InputKind value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }
}
