using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TransferLab.Serving;

/// <summary>Stands before every request: counts it, asks for the key, and gives failures the API's form.</summary>
internal sealed class RequestGuard(ChatServerOptions options, ServerMetrics metrics, Action<Exception> onError)
{
    private const int ClientLeft = 499;
    private const string Bearer = "Bearer ";
    private readonly byte[]? _key = options.ApiKey is { } key ? Hash(key) : null;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        int status;
        try
        {
            if (Refusal(context) is { } refusal)
            {
                await refusal.WriteAsync(context).ConfigureAwait(false);
            }
            else
            {
                await next(context).ConfigureAwait(false);
                await ExplainAsync(context).ConfigureAwait(false);
            }

            status = context.Response.StatusCode;
        }
        catch (Exception e)
        {
            status = await FailAsync(context, e).ConfigureAwait(false);
        }

        metrics.Answered(Route(context), status);
    }

    /// <summary>The key, and on this machine alone the host's name: a page of another site that resolves its name to this machine is not answered.</summary>
    private ApiError? Refusal(HttpContext context)
    {
        if (_key is null && !IsThisMachine(context.Request.Host.Host))
        {
            return new(StatusCodes.Status403Forbidden, "Requests have to name this machine, as localhost or 127.0.0.1, since the server has no key.",
                Code: "wrong_host");
        }

        if (_key is null || context.Request.Path == "/health")
        {
            return null;
        }

        string given = context.Request.Headers.Authorization.ToString();
        if (given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(Hash(given[Bearer.Length..].Trim()), _key))
        {
            return null;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return new(StatusCodes.Status401Unauthorized, given.Length == 0
            ? "There is no key; send it as 'Authorization: Bearer KEY'."
            : "The key is not the server's.", Code: "invalid_api_key");
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Gives a body to what the routing refuses without one.</summary>
    private static Task ExplainAsync(HttpContext context)
    {
        string asked = $"{context.Request.Method} {context.Request.Path}";
        return context.Response.HasStarted ? Task.CompletedTask : context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound =>
                new ApiError(StatusCodes.Status404NotFound, $"There is no {asked}; there are POST /v1/chat/completions, GET /v1/models, /metrics and /health.",
                    Code: "unknown_url").WriteAsync(context),
            StatusCodes.Status405MethodNotAllowed =>
                new ApiError(StatusCodes.Status405MethodNotAllowed, $"There is no {asked}; '{context.Response.Headers.Allow}' is allowed there.",
                    Code: "method_not_allowed").WriteAsync(context),
            _ => Task.CompletedTask,
        };
    }

    private async Task<int> FailAsync(HttpContext context, Exception e)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return ClientLeft;
        }

        ApiError error = ErrorsOfChat.Explain(e, options, onError);
        if (context.Response.HasStarted)
        {
            await ServerSentEvents.WriteAsync(context, error.ToJson()).ConfigureAwait(false); // The status is gone; the stream ends with the error.
            return error.Status;
        }

        context.Response.Clear();
        if (error.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await error.WriteAsync(context).ConfigureAwait(false);
        return error.Status;
    }

    private static string Route(HttpContext context) => context.GetEndpoint() is Microsoft.AspNetCore.Routing.RouteEndpoint route
        ? route.RoutePattern.RawText ?? "other"
        : "other";

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
