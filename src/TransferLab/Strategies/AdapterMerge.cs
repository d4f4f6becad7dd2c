namespace TransferLab.Strategies;

/// <summary>What becomes of low-rank adapters when their phase ends.</summary>
public enum AdapterMerge
{
    /// <summary>They are added to the weights: the model is as fast as before, and knows nothing of them.</summary>
    AtEnd,

    /// <summary>They stay beside the weights, and can be saved alone; only in a strategy's last phase.</summary>
    Keep,
}
