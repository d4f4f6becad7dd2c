using Microsoft.AspNetCore.Http;

namespace TransferLab.Serving;

/// <summary>A wrong request, in the API's own form.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">One line: what is wrong, and what to do.</param>
/// <param name="Type">Kind of error, as the API names it.</param>
/// <param name="Parameter">Where in the request; null where nowhere in particular.</param>
/// <param name="Code">The error's name; null where it has none.</param>
internal sealed record ApiError(int Status, string Message, string Type = ApiError.Invalid, string? Parameter = null, string? Code = null)
{
    public const string Invalid = "invalid_request_error";

    /// <summary>Fails a request.</summary>
    public ApiException AsException() => new(this);

    /// <summary>A value that the API knows and this server cannot do, or nobody knows.</summary>
    public static ApiException Refused(string parameter, string message, string code = "unsupported_parameter") =>
        new ApiError(StatusCodes.Status400BadRequest, message, Parameter: parameter, Code: code).AsException();

    /// <summary>The body, UTF-8.</summary>
    public byte[] ToJson() => ChatJson.Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Parameter);
        json.WriteString("code", Code);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Writes it as the response.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        byte[] body = ToJson();
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
