namespace TransferLab.Hub;

/// <summary>A file as the hub lists it.</summary>
/// <param name="Name">Its name, with <c>/</c> between folders.</param>
/// <param name="Size">Bytes; null where the hub does not say.</param>
/// <param name="Hash">SHA-256 or git's SHA-1 of its content; null where the listing does not say.</param>
internal sealed record RemoteFile(string Name, long? Size, string? Hash);
