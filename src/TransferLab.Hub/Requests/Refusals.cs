using System.Net;
using System.Net.Http.Headers;

namespace TransferLab.Hub;

/// <summary>What an answer that is not the wanted one means, and what a person can do about it.</summary>
internal static class Refusals
{
    /// <summary>The exception of an answer.</summary>
    public static Exception Of(HttpResponseMessage response, HubReference model)
    {
        Uri address = response.RequestMessage!.RequestUri!;
        string host = address.Authority, said = Said(response);
        string code = response.Headers.TryGetValues("X-Error-Code", out IEnumerable<string>? codes) ? codes.First() : "";
        return (response.StatusCode, code) switch
        {
            (HttpStatusCode.TooManyRequests, _) =>
                new PassingException($"{host} answers that there are too many requests (429)") { Pause = Pause(response.Headers.RetryAfter) },
            ( >= HttpStatusCode.InternalServerError, _) =>
                new PassingException($"{host} fails ({(int)response.StatusCode})") { Pause = Pause(response.Headers.RetryAfter) },
            (HttpStatusCode.RequestTimeout, _) => new PassingException($"{host} gave up waiting (408)"),
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, "GatedRepo") =>
                new HubException($"{model} is given to those who accepted its licence: {Gate(model, address)}."),
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, "RevisionNotFound") => NoRevision(model),
            (HttpStatusCode.Unauthorized, _) => new HubException(
                $"{model}: {host} gives it to nobody unknown (401{said}): there is no model of that name, or it is private or behind a licence: check the "
                    + $"name, or {Gate(model, address)}."),
            (HttpStatusCode.Forbidden, _) => new HubException($"{model}: {host} refuses it to this account (403{said}): {Gate(model, address)}."),
            (HttpStatusCode.NotFound, "EntryNotFound") => new HubException($"{model}: {host} has no such file in it (404)."),
            (HttpStatusCode.NotFound, _) => new HubException($"{model}: {host} has no such model or revision (404{said}); check the name."),
            _ => new HubException($"{model}: {host} answers {(int)response.StatusCode}{said}."),
        };
    }

    private static HubException NoRevision(HubReference model) =>
        new($"{model with { File = null, Revision = HubReference.Main }} has no branch, tag or commit '{model.Revision}'.");

    private static string Gate(HubReference model, Uri address) =>
        $"log in at {address.Scheme}://{address.Authority}/{model.Model}, accept the licence there, and give a token of that account in HF_TOKEN";

    private static string Said(HttpResponseMessage response) => response.Headers.TryGetValues("X-Error-Message", out IEnumerable<string>? values)
        ? $", \"{RemotePath.Shown(values.First()).TrimEnd('.')}\""
        : "";

    private static TimeSpan? Pause(RetryConditionHeaderValue? after) => after switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } rest ? rest : TimeSpan.Zero,
        _ => null,
    };
}
