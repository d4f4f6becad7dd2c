using Microsoft.AspNetCore.Http;
using TransferLab.Chat;
using TransferLab.Networks;

namespace TransferLab.Serving;

/// <summary>Failures of a request as errors of the API.</summary>
internal static class ErrorsOfChat
{
    public static ApiError Explain(Exception e, ChatServerOptions options, Action<Exception> onError)
    {
        switch (e)
        {
            case ApiException known:
                return known.Error;
            case PromptTooLongException tooLong:
                return new(StatusCodes.Status400BadRequest, tooLong.Message, Parameter: "messages", Code: "context_length_exceeded");
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new(StatusCodes.Status413PayloadTooLarge,
                    FormattableString.Invariant($"The body has more than {options.MostBodyBytes:N0} bytes; shorten the conversation."),
                    Code: "request_too_large");
            case BadHttpRequestException bad:
                return new(bad.StatusCode, bad.Message);
            case ChatTemplateException or NotSupportedException or ArgumentException:
                return new(StatusCodes.Status400BadRequest, e.Message, Code: "unsupported_value");
            case ObjectDisposedException:
                return new(StatusCodes.Status503ServiceUnavailable, "The server is stopping.", "server_error", Code: "stopping");
            default:
                onError(e);
                return new(StatusCodes.Status500InternalServerError, "The server failed; its own output says more.", "server_error", Code: "internal_error");
        }
    }
}
