namespace TransferLab.Comparison;

/// <summary>The two ways between which all others lie, and which the question of a comparison is about.</summary>
public enum SpectrumEnd
{
    /// <summary>Nothing of the backbone moves.</summary>
    Frozen,

    /// <summary>Everything is fine-tuned.</summary>
    FineTuned,
}
