namespace TransferLab.Comparison;

/// <summary>What is done to a way of answering after facts have changed.</summary>
public enum Mending
{
    /// <summary>Nothing: it answers as it was prepared.</summary>
    None,

    /// <summary>What it looks up is made anew: the index of the documents, or the examples that it shows. The weights stay.</summary>
    Reindexed,

    /// <summary>Tuned again from the start, on training rows with the changes put in; indexed anew where it looks up.</summary>
    Retrained,

    /// <summary>Tuned on from where it was, on the changes alone; indexed anew where it looks up.</summary>
    TrainedOn,
}
