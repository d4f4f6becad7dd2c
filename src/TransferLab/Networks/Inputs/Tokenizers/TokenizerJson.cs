using System.Text.Encodings.Web;
using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>
/// A <c>tokenizer.json</c> of Hugging Face's library, checked before its native part sees it: what that part answers with the end of the process
/// is refused here in one line.
/// </summary>
internal sealed class TokenizerJson
{
    /// <summary>Bytes that a file may have at most; the largest vocabularies in use take 35 million.</summary>
    public const long LargestFile = 256_000_000;

    /// <summary>Tokens that a vocabulary may have at most; the largest in use have 260,000.</summary>
    public const int MostTokens = 4_000_000;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly string?[] _tokens;

    private TokenizerJson(JsonDocument document, string origin)
    {
        (Document, Origin) = (document, origin);
        JsonElement root = document.RootElement;
        Require(root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.Object,
            "no tokenizer.json of Hugging Face's library: it has no 'model'");
        Model = root.GetProperty("model");
        ModelType = Text(Model, "type") ?? (Model.TryGetProperty("merges", out _) ? "BPE" : throw Error("its model has no 'type'"));
        ReadVocabulary();
        int inModel = _ids.Count;
        AddedTokens = ReadAdded(inModel);
        _tokens = new string?[_ids.Count == 0 ? 0 : _ids.Values.Max() + 1];
        foreach ((string token, int id) in _ids)
        {
            _tokens[id] = token;
        }

        TokenizerJsonChecks.Check(this);
        PrefixSpace = PrefixSpaces.Of(Part("normalizer"), Part("pre_tokenizer"));
        (Prefix, Suffix) = PostProcessor.Read(Part("post_processor"), this);
    }

    public JsonDocument Document { get; }

    /// <summary>Where it comes from, for messages.</summary>
    public string Origin { get; }

    public JsonElement Model { get; }

    /// <summary>BPE, Unigram or WordPiece.</summary>
    public string ModelType { get; }

    public IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>The largest id, and one.</summary>
    public int VocabularySize => _tokens.Length;

    public PrefixSpace PrefixSpace { get; }

    /// <summary>Special ids that are put before a text.</summary>
    public IReadOnlyList<long> Prefix { get; }

    /// <summary>Special ids that are put behind a text.</summary>
    public IReadOnlyList<long> Suffix { get; }

    /// <exception cref="TokenizerException">It is no such file, or asks for what is not read.</exception>
    public static TokenizerJson Parse(ReadOnlyMemory<byte> json, string origin)
    {
        try
        {
            return new(JsonDocument.Parse(json), origin);
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"{origin}: no JSON ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
        catch (InvalidOperationException e)
        {
            throw new TokenizerException(
                $"{origin}: no tokenizer.json of Hugging Face's library: a string is no text ({e.Message.ReplaceLineEndings(" ")}).", e);
        }
    }

    /// <summary>What it is, in words.</summary>
    public string Kind => ModelType switch
    {
        "WordPiece" => "word pieces" + (PrefixSpaces.Parts(Part("normalizer")).Any(part => Flag(part, "lowercase") || Text(part, "type") == "Lowercase")
            ? " in lower case"
            : ""),
        "Unigram" => "SentencePiece unigrams",
        _ => Flag(Model, "byte_fallback") ? "SentencePiece byte pairs" : "byte-level byte pairs",
    };

    /// <summary>Its text without white space, and without what cuts and pads texts.</summary>
    public byte[] Compact()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in Document.RootElement.EnumerateObject().Where(property => property.Name is not ("truncation" or "padding")))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? TokenOf(long id) => id >= 0 && id < _tokens.Length ? _tokens[id] : null;

    public JsonElement? Part(string name) =>
        Document.RootElement.TryGetProperty(name, out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : null;

    public TokenizerException Error(string what) => new($"{Origin}: {what}.");

    public void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Error(otherwise);
        }
    }

    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private void ReadVocabulary()
    {
        Require(Model.TryGetProperty("vocab", out JsonElement vocabulary), "its model has no 'vocab'");
        if (ModelType == "Unigram")
        {
            Require(vocabulary.ValueKind == JsonValueKind.Array, "its 'vocab' is no list of pieces");
            int id = 0;
            foreach (JsonElement piece in vocabulary.EnumerateArray())
            {
                Require(piece.ValueKind == JsonValueKind.Array && piece.GetArrayLength() == 2 && piece[0].ValueKind == JsonValueKind.String,
                    $"piece {id} of its 'vocab' is no piece with a score");
                Add(piece[0].GetString()!, id++);
            }

            return;
        }

        Require(vocabulary.ValueKind == JsonValueKind.Object, "its 'vocab' does not map tokens to ids");
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            Require(entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id), $"the id of '{entry.Name}' is no number");
            Add(entry.Name, entry.Value.GetInt32());
        }
    }

    private void Add(string token, int id)
    {
        Require(id >= 0 && id < MostTokens, $"'{token}' has the id {id}; ids are from 0 to {MostTokens - 1:N0}");
        _ids[token] = id;
    }

    /// <summary>
    /// The library gives added tokens that the model does not know the next free ids, whatever the file says: what says otherwise is refused.
    /// </summary>
    private List<AddedToken> ReadAdded(int inModel)
    {
        List<AddedToken> tokens = [];
        if (!Document.RootElement.TryGetProperty("added_tokens", out JsonElement added) || added.ValueKind != JsonValueKind.Array)
        {
            return tokens;
        }

        int largest = -1;
        foreach (JsonElement token in added.EnumerateArray())
        {
            string content = Text(token, "content") ?? throw Error("an added token has no 'content'");
            Require(token.TryGetProperty("id", out JsonElement number) && number.TryGetInt32(out _), $"the added token '{content}' has no id");
            int? known = IdOf(content);
            int id = number.GetInt32(), given = known ?? (largest >= inModel ? largest + 1 : inModel);
            Require(id == given,
                $"the added token '{content}' has the id {id}, and the library would give it {given}; added tokens follow the vocabulary without a gap");
            Add(content, id);
            largest = Math.Max(largest, id);
            bool Is(string name) => Flag(token, name);
            tokens.Add(new(id, content, Is("special"), Is("normalized"), Is("lstrip"), Is("rstrip"), Is("single_word")) { InModel = known is not null });
        }

        return tokens;
    }
}
