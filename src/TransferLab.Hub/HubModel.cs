namespace TransferLab.Hub;

/// <summary>A model in the cache.</summary>
public sealed record HubModel
{
    /// <summary>What was asked for.</summary>
    public required HubReference Reference { get; init; }

    /// <summary>The commit that it is, 40 hexadecimal digits.</summary>
    public required string Commit { get; init; }

    /// <summary>The folder of the commit's files, in the hub's layout.</summary>
    public required string Folder { get; init; }

    /// <summary>What to open: the file where one was named or there is but one of weights that stands alone, and the folder otherwise.</summary>
    public required string Path { get; init; }
}
