namespace TransferLab.Serving;

/// <summary>Ends a request with an error of the API.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
