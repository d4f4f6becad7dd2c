using System.Globalization;

namespace TransferLab.Hub;

/// <summary>Bodies of answers, with bounds: so many bytes, and no longer silence than that.</summary>
internal static class Body
{
    /// <summary>Reads a small body.</summary>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, int most, TimeSpan silence, string host, CancellationToken cancellation)
    {
        using MemoryStream whole = new();
        await CopyAsync(response, silence, host, async (piece, token) =>
        {
            if (whole.Length + piece.Length > most)
            {
                throw new HubException($"{host}: the answer is longer than {most >> 20} MB, and no listing is.");
            }

            await whole.WriteAsync(piece, token).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        return whole.ToArray();
    }

    /// <summary>Hands a body on piece by piece.</summary>
    /// <exception cref="PassingException">It broke off, or nothing came for so long.</exception>
    public static async Task CopyAsync(HttpResponseMessage response, TimeSpan silence, string host, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> to,
        CancellationToken cancellation)
    {
        byte[] piece = new byte[1 << 17];
        Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            while (await PieceAsync(body, piece, silence, host, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                await to(piece.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task<int> PieceAsync(Stream body, byte[] piece, TimeSpan silence, string host, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(silence);
        try
        {
            return await body.ReadAsync(piece, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PassingException(string.Create(CultureInfo.InvariantCulture, $"{host} sent nothing for {silence.TotalSeconds:0.#} seconds"));
        }
        catch (Exception e) when (e is HttpIOException or IOException or HttpRequestException)
        {
            throw new PassingException($"the connection to {host} broke off", e);
        }
    }
}
