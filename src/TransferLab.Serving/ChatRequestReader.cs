using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.AI;

namespace TransferLab.Serving;

/// <summary>Bodies of <c>/v1/chat/completions</c>, strictly: what is not known or cannot be done is refused by its name.</summary>
internal static class ChatRequestReader
{
    private const int MostTokens = 1 << 20, MostStops = 16;

    /// <summary>Keys that change nothing about an answer.</summary>
    private static readonly string[] s_harmless = ["user", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
        "parallel_tool_calls"];

    private static readonly string[] s_known =
    [
        "model", "messages", "stream", "stream_options", "temperature", "top_p", "top_k", "seed", "stop", "max_tokens", "max_completion_tokens", "n",
        "tools", "tool_choice", "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "logit_bias", "response_format", "modalities", "store",
        "reasoning_effort", "verbosity", .. s_harmless,
    ];

    /// <summary>Reads a body.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="model">The name of the only model there is.</param>
    /// <exception cref="ApiException">It is no such body, or asks for what cannot be done.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, string model)
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw new ApiError(400, "The body holds bytes that are not UTF-8.", Code: "invalid_value").AsException();
        }

        try
        {
            return ReadWhole(body, model);
        }
        catch (InvalidOperationException) // What System.Text.Json says of strings that are no text; every value is looked at before it is taken.
        {
            throw new ApiError(400, "The body holds half a surrogate pair, which is no character.", Code: "invalid_value").AsException();
        }
    }

    private static ChatRequest ReadWhole(ReadOnlyMemory<byte> body, string model)
    {
        using JsonDocument document = Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ApiError(400, "The body is JSON, but no object; send {\"model\": ..., \"messages\": [...]}.").AsException();
        }

        root.OnlyKnows("", s_known);
        CheckModel(root, model);
        RefuseWhatIsNotDone(root);
        bool streams = root.Value("stream")?.Flag("stream") ?? false;
        JsonElement? streaming = root.Value("stream_options")?.Object("stream_options");
        streaming?.OnlyKnows("stream_options", "include_usage", "include_obfuscation");
        if (streaming is not null && !streams)
        {
            throw ApiError.Refused("stream_options", "'stream_options' is for streamed answers; set 'stream' to true, or leave it out.", "invalid_value");
        }

        IReadOnlyList<ChatMessage> messages = ChatMessageReader.Read(root.Value("messages")
            ?? throw ApiError.Refused("messages", "'messages' is missing: the conversation to answer.", "missing_required_parameter"));
        return new(messages, Options(root), streams, streaming?.Value("include_usage")?.Flag("stream_options.include_usage") ?? false);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            string where = FormattableString.Invariant($"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}");
            throw new ApiError(400, $"The body is no JSON: {where} cannot be read.").AsException();
        }
    }

    private static void CheckModel(JsonElement root, string model)
    {
        string asked = root.Value("model")?.Text("model")
            ?? throw ApiError.Refused("model", $"'model' is missing; there is '{model}'.", "missing_required_parameter");
        if (asked != model)
        {
            throw new ApiError(404, $"The model '{asked}' is not here; there is '{model}'.", Parameter: "model", Code: "model_not_found").AsException();
        }
    }

    private static void RefuseWhatIsNotDone(JsonElement root)
    {
        void Only(string key, Predicate<JsonElement> isFine, string why)
        {
            if (root.Value(key) is { } value && !isFine(value))
            {
                throw ApiError.Refused(key, $"'{key}': {why}", "unsupported_value");
            }
        }

        static bool IsOff(JsonElement value) => value.ValueKind == JsonValueKind.False;
        static bool IsZero(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number == 0;
        static bool Says(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
        Only("n", value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count)
            && count == 1, "one answer a request; ask again for another.");
        Only("frequency_penalty", IsZero, "is not computed; leave it out.");
        Only("presence_penalty", IsZero, "is not computed; leave it out.");
        Only("logprobs", IsOff, "is not given; leave it out.");
        Only("top_logprobs", IsZero, "is not given; leave it out.");
        Only("logit_bias", value => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any(), "is not computed; leave it out.");
        Only("store", IsOff, "answers are not kept; leave it out.");
        Only("reasoning_effort", value => Says(value, "none"), "the model does not think aloud; leave it out.");
        Only("verbosity", value => Says(value, "medium"), "cannot be set; ask for a short answer in the prompt.");
        Only("response_format", value => value.ValueKind == JsonValueKind.Object && value.Value("type") is { } type
            && Says(type, "text"), "the answer is plain text: a JSON format cannot be enforced; ask for JSON in the prompt.");
        Only("modalities", value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => Says(item, "text")), "the answer is text.");
    }

    private static ChatOptions Options(JsonElement root)
    {
        long? most = root.Value("max_completion_tokens")?.Integer("max_completion_tokens", 1, MostTokens),
            older = root.Value("max_tokens")?.Integer("max_tokens", 1, MostTokens);
        if (most is not null && older is not null && most != older)
        {
            throw ApiError.Refused("max_tokens", "'max_tokens' is the older name of 'max_completion_tokens', and they differ; give one of them.",
                "invalid_value");
        }

        ChatOptions options = new()
        {
            MaxOutputTokens = (int?)(most ?? older),
            Temperature = (float?)root.Value("temperature")?.Number("temperature", 0, 2),
            TopP = (float?)root.Value("top_p")?.Number("top_p", 0, 1),
            TopK = (int?)root.Value("top_k")?.Integer("top_k", 0, int.MaxValue),
            Seed = root.Value("seed")?.Integer("seed", long.MinValue, long.MaxValue),
            StopSequences = root.Value("stop") is { } stop ? Stops(stop) : null,
            AllowMultipleToolCalls = root.Value("parallel_tool_calls")?.Flag("parallel_tool_calls"),
        };
        if (options.TopP == 0)
        {
            options.TopP = 1e-6f; // The API allows it: only the most likely token.
        }

        ToolReader.Read(root, options);
        return options;
    }

    private static List<string> Stops(JsonElement stop)
    {
        List<string> stops = stop.ValueKind == JsonValueKind.String ? [stop.Text("stop")] : [.. stop.Items("stop").Select(item => item.Item.Text(item.At))];
        return stops.Count <= MostStops && stops.All(text => text.Length > 0) ? stops
            : throw ApiError.Refused("stop",
                $"'stop' holds {stops.Count} texts{(stops.Contains("") ? ", an empty one among them" : "")}; give at most {MostStops}, none of them empty.",
                "invalid_value");
    }
}
