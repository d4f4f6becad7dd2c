using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;

namespace TransferLab.Cli.Hosted;

/// <summary>Why a request failed, and whether it may succeed when it is repeated.</summary>
/// <param name="Status">The HTTP status; 0 where there was no answer, or half of one.</param>
/// <param name="Code">The host's own word for it, such as <c>rate_limit_exceeded</c>; empty where there is none.</param>
/// <param name="Reason">In one line.</param>
/// <param name="MayPass">Whether it is worth repeating.</param>
internal sealed record HostFault(int Status, string Code, string Reason, bool MayPass)
{
    private const int MostReason = 300;

    /// <summary>How long the host asks to wait; null where it does not say.</summary>
    public TimeSpan? Wait { get; private init; }

    /// <summary>What an exception of the official client means; null where it is none of a host's.</summary>
    public static HostFault? Of(Exception e) => e switch
    {
        ClientResultException { Status: > 0 } refused => OfAnswer(refused),
        ClientResultException or HttpRequestException or IOException and not HostException => new(0, "", Short(Innermost(e)), MayPass: true),
        JsonException => new(0, "", "the answer is no whole JSON", MayPass: true),
        OperationCanceledException => new(0, "", "no answer in time", MayPass: true),
        AggregateException { InnerExceptions: [{ } first, ..] } => Of(first),
        _ => null,
    };

    private static HostFault OfAnswer(ClientResultException e)
    {
        PipelineResponse? response = e.GetRawResponse();
        (string code, string message) = Error(response);
        bool mayPass = e.Status is 408 or 429 or >= 500 && code != "insufficient_quota"; // A lack of money does not pass by waiting.
        string said = e.Status is 401 ? "the host refuses the key" : message.Length > 0 ? Short(message) : response?.ReasonPhrase ?? "";
        string reason = FormattableString.Invariant($"HTTP {e.Status}{(said.Length > 0 ? $", {said.TrimEnd('.')}" : "")}");
        return new(e.Status, code, reason, mayPass) { Wait = WaitOf(response) };
    }

    /// <summary>OpenAI's form of an error, or what others write in its place.</summary>
    private static (string Code, string Message) Error(PipelineResponse? response)
    {
        try
        {
            using var json = JsonDocument.Parse(response?.Content.ToMemory() ?? default);
            JsonElement error = json.RootElement.TryGetProperty("error", out JsonElement inner) ? inner : json.RootElement;
            return error.ValueKind == JsonValueKind.Object ? (Text(error, "code"), Text(error, "message")) : ("", error.ToString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return ("", "");
        }
    }

    private static string Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static TimeSpan? WaitOf(PipelineResponse? response)
    {
        if (response is null || !response.Headers.TryGetValue("Retry-After", out string? text))
        {
            return null;
        }

        return double.TryParse(text, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 1e6 ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
                ? TimeSpan.FromTicks(Math.Max(0, (at - DateTimeOffset.UtcNow).Ticks))
            : null;
    }

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;

    private static string Short(string message) => ErrorLine.Of(message) is var line && line.Length > MostReason ? line[..MostReason] + "..." : line;
}
