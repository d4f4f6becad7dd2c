namespace TransferLab.Strategies;

/// <summary>What a strategy is in a comparison.</summary>
public enum StrategyRole
{
    /// <summary>It uses pretrained weights: what the comparison is about.</summary>
    Transfer,

    /// <summary>The same without pretraining: what the weights are worth.</summary>
    Control,

    /// <summary>A simple way without a deep network: if it wins, transfer is not worth its price.</summary>
    Baseline,

    /// <summary>Something of the user's own, of which nobody knows what it rests on; it is held against transfer like a baseline.</summary>
    Own,
}
