using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TransferLab.Serving;

/// <summary><c>/v1/models</c>: the one there is.</summary>
internal sealed class ModelsEndpoint(string model)
{
    private readonly long _started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public Task ListAsync(HttpContext context) => JsonAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        Describe(json);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public Task ShowAsync(HttpContext context)
    {
        string? name = context.Request.RouteValues["name"] as string;
        return name == model ? JsonAsync(context, Describe)
            : new ApiError(StatusCodes.Status404NotFound, $"The model '{name}' is not here; there is '{model}'.", Parameter: "model", Code: "model_not_found")
                .WriteAsync(context);
    }

    private void Describe(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", model);
        json.WriteString("object", "model");
        json.WriteNumber("created", _started);
        json.WriteString("owned_by", "transferlab");
        json.WriteEndObject();
    }

    private static async Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        byte[] body = ChatJson.Bytes(write);
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
