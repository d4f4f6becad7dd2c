using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using TransferLab.Runtime;

namespace TransferLab.Strategies;

/// <summary>
/// A strategy of one's own, from a JSON file: <c>name</c>, optionally <c>description</c>, <c>role</c>, <c>start</c> and <c>hiddenUnits</c>, and <c>phases</c>
/// with the members of <see cref="Phase"/>. <c>trains</c> is what <see cref="LayerSelector.Parse"/> reads; <c>lora</c> holds the members of <see cref="Lora"/>.
/// </summary>
internal static class StrategyFile
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters =
            { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false), new SelectorConverter(), new ObjectiveConverter() },
    };

    /// <summary>Whether a word of <c>--strategies</c> names a file rather than a strategy.</summary>
    public static bool IsFile(string nameOrPath) => nameOrPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one.</summary>
    /// <exception cref="ArgumentException">The file is not there or does not hold a strategy; the message says what, where and what is allowed.</exception>
    public static TransferStrategy Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Content content = JsonSerializer.Deserialize<Content>(file, s_options) ?? throw new JsonException("The file holds null.");
            return content.ToStrategy();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{path}: {ReadFault.Of(path, e)}.", e);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new ArgumentException($"{path}: not a strategy: {e.Message}", e);
        }
    }

    /// <summary>Every member of a strategy as text: equal only for strategies that do the same. Of a trainer of ML.NET's, a function, the name stands for
    /// it.</summary>
    internal static string Describe(Strategy strategy) => strategy is MLNetHeadStrategy
        ? $"{strategy.Name}: {strategy.Description}"
        : JsonSerializer.Serialize<object>(strategy, s_options);

    private sealed record Content
    {
        public required string Name { get; init; }

        public string? Description { get; init; }

        public StrategyRole? Role { get; init; }

        public Start Start { get; init; } = Start.Pretrained;

        public int? HiddenUnits { get; init; }

        public required IReadOnlyList<Phase> Phases { get; init; }

        public TransferStrategy ToStrategy()
        {
            if (Name is null or "" || Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_'))
            {
                throw new ArgumentException($"The name '{Name}' also names files; use letters, digits, '-' and '_'.");
            }

            if (Phases is null or { Count: 0 })
            {
                throw new ArgumentException("It needs at least one phase.");
            }

            return Phases.Any(phase => phase is null || phase.Lora?.Layers?.Any(layer => layer is null) == true)
                ? throw new ArgumentException("One of its phases, or of the layers that an adapter names, is null; write it, or leave it out.")
                : Role is { } role ? Made() with { Role = role } : Made();

            TransferStrategy Made() => new()
            {
                Name = Name,
                Description = Description ?? "strategy of one's own",
                Start = Start,
                Head = new() { HiddenUnits = HiddenUnits },
                Phases = Phases,
            };
        }
    }

    private sealed class SelectorConverter : JsonConverter<LayerSelector>
    {
        public override bool HandleNull => true; // Or null would get past it.

        public override LayerSelector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            LayerSelector.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, LayerSelector value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class ObjectiveConverter : JsonConverter<Objective>
    {
        private static readonly Objective[] s_known = [Objective.Classify, Objective.Contrast, Objective.CosineContrast, Objective.SupervisedContrast];

        public override bool HandleNull => true;

        public override Objective Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string name = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            return s_known.FirstOrDefault(objective => objective.Name == name)
                ?? throw new JsonException($"'{name}' is no objective; write {string.Join(" or ", s_known.Select(objective => objective.Name))}.");
        }

        /// <summary>Its type and all that makes two records of it unequal: the name alone does not tell their settings apart.</summary>
        public override void Write(Utf8JsonWriter writer, Objective value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString(value.GetType().FullName ?? value.GetType().Name, value.Name);
            for (Type? type = value.GetType(); type is not null && type != typeof(Objective); type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    writer.WriteString(field.Name, Text(field.GetValue(value), options));
                }
            }

            writer.WriteEndObject();
        }

        // What cannot be written, such as a function, stands for itself by its text.
        private static string Text(object? value, JsonSerializerOptions options)
        {
            try
            {
                return value is Delegate function ? $"{function.Method.DeclaringType}.{function.Method}" : JsonSerializer.Serialize(value, options);
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                return value?.ToString() ?? "";
            }
        }
    }
}
