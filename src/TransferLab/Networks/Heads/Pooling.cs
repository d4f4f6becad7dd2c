namespace TransferLab.Networks;

/// <summary>How the output of the last layer group, one vector a position, becomes one feature vector an example.</summary>
public enum Pooling
{
    /// <summary>The mean over all positions that are not padding: of a picture's H x W, or of a text's tokens.</summary>
    Mean,

    /// <summary>The first position: BERT's [CLS] token.</summary>
    First,

    /// <summary>The last position that is not padding: where a causal language model has seen the whole text.</summary>
    Last,
}
