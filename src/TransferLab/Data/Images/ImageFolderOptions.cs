namespace TransferLab.Data;

/// <summary>How an image folder is read.</summary>
public sealed record ImageFolderOptions
{
    private readonly double testShare = 0.2;

    /// <summary>Folder of the test, with the classes as sub-folders; without it <c>test</c> or <c>val</c> beside <c>train</c>, or a split.</summary>
    public string? TestFolder { get; init; }

    /// <summary>Share of each class that a split holds out for the test; within 0.01 and 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public double TestShare
    {
        get => testShare;
        init => testShare = Split.CheckedShare(value, nameof(TestShare));
    }

    /// <summary>Seed of the split, apart from the seeds of training: every run of a comparison has the same test.</summary>
    public int SplitSeed { get; init; }

    /// <summary>
    /// The folder's own sub-folders are the classes, whatever their names: none is looked through or taken for a part of the set, such as <c>train</c>, and one
    /// that begins with a dot is a class too.
    /// </summary>
    public bool ClassesAsIs { get; init; }

    /// <summary>Leave out files that cannot be decoded, with a warning, instead of refusing the folder.</summary>
    public bool SkipUnreadable { get; init; }
}
