namespace TransferLab.Comparison;

/// <summary>How people are told what was done to a way.</summary>
internal static class MendingWords
{
    /// <summary>As tables and progress have it.</summary>
    public static string Of(Mending mending) => mending switch
    {
        Mending.Reindexed => "indexing anew",
        Mending.Retrained => "tuning from the start",
        Mending.TrainedOn => "tuning on",
        _ => "nothing",
    };
}
