using System.Text.Json;

namespace TransferLab.Cli.Hosted;

/// <summary>A fine-tuning job of a host, as it stands.</summary>
/// <param name="Id">What names it.</param>
/// <param name="Status">The host's word: <c>queued</c>, <c>running</c>, <c>succeeded</c> ...</param>
/// <param name="Base">The model that it tunes.</param>
/// <param name="File">The training file's id.</param>
/// <param name="Tuned">The name of the tuned model; null until there is one.</param>
/// <param name="TrainedTokens">Tokens that were trained on, which are billed; null where the host does not say.</param>
/// <param name="Error">Why it failed; empty where it did not, or the host does not say.</param>
internal sealed record TuningJob(string Id, string Status, string Base, string File, string? Tuned, long? TrainedTokens, string Error)
{
    /// <summary>Whether nothing more will happen to it.</summary>
    public bool IsOver => HasSucceeded || Status is "failed" or "cancelled" or "canceled";

    /// <summary>Whether there is a tuned model.</summary>
    public bool HasSucceeded => Status is "succeeded" && Tuned is not null;

    /// <summary>Reads OpenAI's form; what a host leaves out is empty.</summary>
    /// <exception cref="JsonException">It is no job.</exception>
    public static TuningJob Read(JsonElement json)
    {
        JsonElement error = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out JsonElement given) ? given : default;
        string reason = string.Join(": ", new[] { Text(error, "code"), Text(error, "message") }.Where(text => text.Length > 0));
        return new(
            Text(json, "id") is { Length: > 0 } id ? id : throw new JsonException("A job has no id."),
            Text(json, "status").ToLowerInvariant(), Text(json, "model"), Text(json, "training_file"),
            Text(json, "fine_tuned_model") is { Length: > 0 } tuned ? tuned : null,
            json.TryGetProperty("trained_tokens", out JsonElement tokens) && tokens.ValueKind == JsonValueKind.Number && tokens.TryGetInt64(out long count)
                ? count
                : null,
            ErrorLine.Of(reason));
    }

    /// <summary>A member that is a string; empty where there is none.</summary>
    internal static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
