namespace TransferLab.Strategies;

/// <summary>What a phase minimises.</summary>
public enum Objective
{
    /// <summary>Cross-entropy of the labels.</summary>
    Classify,

    /// <summary>
    /// No labels: each example is to be nearer to itself, seen a second time, than to the others of its batch (Gao et al. 2021, arXiv:2104.08821). A
    /// text differs between the two by dropout, an image by its random view too. The head has no part in it.
    /// </summary>
    Contrast,
}
