namespace TransferLab.Strategies;

/// <summary>What weight decay reaches.</summary>
public enum DecayedParameters
{
    /// <summary>Matrices and kernels; not biases and the scales of normalisation.</summary>
    Matrices,

    /// <summary>Every parameter that trains.</summary>
    All,
}
