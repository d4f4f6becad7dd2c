namespace TransferLab.Strategies;

/// <summary>How the learning rate goes from step to step, after a warm-up over <see cref="Phase.WarmUp"/>.</summary>
public enum Schedule
{
    /// <summary>Half a cosine down to zero (Loshchilov and Hutter 2017, arXiv:1608.03983).</summary>
    Cosine,

    /// <summary>A straight line down to zero.</summary>
    Linear,

    /// <summary>The same rate throughout, without a warm-up.</summary>
    Constant,
}
