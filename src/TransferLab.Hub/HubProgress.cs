namespace TransferLab.Hub;

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is being fetched.</param>
/// <param name="Bytes">Bytes of all files that are here.</param>
/// <param name="Total">Bytes of all files that are to be fetched.</param>
public sealed record HubProgress(string File, long Bytes, long Total)
{
    /// <summary>What a person should know, such as that the download waits for another process or goes on after a break; null for nothing.</summary>
    public string? Note { get; init; }
}
