namespace TransferLab.Strategies;

/// <summary>The order in which the examples of an epoch come.</summary>
public enum RowOrder
{
    /// <summary>Random batches of examples of like lengths, so that little of a batch is padding.</summary>
    LikeLengths,

    /// <summary>At random, whatever their lengths.</summary>
    Random,

    /// <summary>As they are given, in every epoch.</summary>
    AsGiven,
}
