using System.Text.Encodings.Web;
using System.Text.Json;
using TransferLab.Data;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;

namespace TransferLab.Models;

/// <summary>
/// A way of answering as it is kept beside what it needs: a folder with this as <c>way.json</c>, <c>card.json</c> with the base, <c>adapter/</c> or
/// <c>model/</c> where it was tuned, <c>examples.jsonl</c> and <c>index/</c> where it shows examples or looks passages up. <see cref="LanguageModel.Open"/>
/// opens it.
/// </summary>
public sealed record SavedWay
{
    /// <summary>Its name in a folder.</summary>
    public const string FileName = "way.json";

    /// <summary>The file of answered questions.</summary>
    public const string ExamplesFile = "examples.jsonl";

    /// <summary>The folder of what is looked up.</summary>
    public const string IndexFolder = "index";

    private const int MostBytes = 1 << 20, MostTokens = 1 << 20, CurrentFormat = 1;
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Version of the file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Its name, as tables have it: <c>lora+rag</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Examples that are shown.</summary>
    public int Shots { get; init; }

    /// <summary>Passages that are shown; 0 where none is looked up.</summary>
    public int Passages { get; init; }

    /// <summary>How passages and question are written.</summary>
    public string Prompt { get; init; } = AnswerContext.DefaultPrompt;

    /// <summary>How passages are looked up, in a word; null where none is.</summary>
    public string? Retriever { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public int AnswerTokens { get; init; } = 128;

    /// <summary>The type that it was scored in, float32 or bfloat16; it is opened in the same.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>Whether a folder holds one.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Writes it, and the examples that it shows.</summary>
    /// <param name="folder">Made if need be; the index is somebody else's to write.</param>
    /// <param name="examples">Answered questions; null for none.</param>
    public void Write(string folder, IReadOnlyList<Conversation>? examples)
    {
        if (examples is { Count: > 0 })
        {
            ConversationFile.Write(Path.Combine(folder, ExamplesFile), examples);
        }

        WholeFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, s_json));
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="WeightsException">There is none, it is damaged, or of a newer version.</exception>
    public static SavedWay Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            SavedWay way = new FileInfo(path).Length > MostBytes ? throw new WeightsException($"{path}: is larger than it can be.")
                : JsonSerializer.Deserialize<SavedWay>(File.ReadAllBytes(path), s_json) ?? throw new WeightsException($"{path}: is empty.");
            return way.Format is < 1 or > CurrentFormat
                ? throw new WeightsException(
                    $"{path}: of format {way.Format}, and this version reads 1 to {CurrentFormat}; read it with the version that wrote it, or a newer one.")
                : way.Precision is not ("float32" or "bfloat16")
                    ? throw new WeightsException($"{path}: precision is float32 or bfloat16, not '{way.Precision}'; compare again to write it anew.")
                : way is { AnswerTokens: >= 1 and <= MostTokens, Prompt: not null }
                    ? way
                    : throw new WeightsException($"{path}: an answer has 1 to {MostTokens} tokens, not {way.AnswerTokens}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new WeightsException($"{path}: cannot be read; compare again to write it anew ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
    }

    /// <summary>What it shows beside a question.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="openIndex">Opens its index; null where nothing can.</param>
    /// <exception cref="WeightsException">Something that it needs is missing or damaged.</exception>
    public AnswerContext Context(string folder, Func<string, IPassageRetriever>? openIndex)
    {
        try
        {
            IReadOnlyList<Conversation> examples = Shots > 0 ? ConversationFile.Read(Path.Combine(folder, ExamplesFile)) : [];
            string index = Path.Combine(folder, IndexFolder);
            IPassageRetriever? retriever = Passages == 0 ? null : openIndex is null
                ? throw new WeightsException(
                    $"{folder}: looks passages up ({Retriever}), for which the package TransferLab.Retrieval is needed: pass what opens its index as "
                        + $"openIndex.")
                : Directory.Exists(index)
                    ? openIndex(index)
                    : throw new WeightsException($"{folder}: its {IndexFolder}/ is missing; compare again to write it anew.");
            return new(examples, Shots, retriever, Math.Max(1, Passages), Prompt);
        }
        catch (Exception e) when (e is DataException or ArgumentException)
        {
            throw new WeightsException($"{folder}: {e.Message}", e);
        }
    }
}
