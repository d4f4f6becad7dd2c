using System.Globalization;

namespace TransferLab.Hub;

/// <summary>What an answer says of a file.</summary>
/// <param name="Content">The hash of its content; null where it does not say.</param>
/// <param name="Bytes">Its size; null where it does not say.</param>
/// <param name="AtCommit">The commit that it is of; null where it does not say.</param>
internal sealed record FileFacts(string? Content, long? Bytes, string? AtCommit)
{
    public const string Hash = "X-Linked-Etag", Size = "X-Linked-Size", Commit = "X-Repo-Commit";

    public static FileFacts Of(HttpResponseMessage response)
    {
        string? etag = Value(response, Hash) ?? Value(response, "ETag");
        if (etag is not null)
        {
            etag = (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"').ToLowerInvariant();
        }

        long? size = long.TryParse(Value(response, Size), NumberStyles.None, CultureInfo.InvariantCulture, out long linked) ? linked
            : response.Content.Headers.ContentRange?.Length ?? (response.StatusCode == System.Net.HttpStatusCode.OK
                ? response.Content.Headers.ContentLength
                : null);
        return new(etag is not null && ContentHash.IsHash(etag) ? etag : null, size, Value(response, Commit));
    }

    private static string? Value(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values)
        ? values.First()
        : null;
}
