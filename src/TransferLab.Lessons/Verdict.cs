namespace TransferLab.Lessons;

/// <summary>What a check found.</summary>
public enum Verdict
{
    /// <summary>Nothing was filled in yet.</summary>
    Open,

    /// <summary>The answer is wrong.</summary>
    Wrong,

    /// <summary>The answer is right.</summary>
    Right,
}
