namespace TransferLab.Strategies;

/// <summary>What contrast with labels minimises over the pairs of a batch.</summary>
public enum PairLoss
{
    /// <summary>
    /// The squared distance of a pair's cosine from 1 where it is of one class and from 0 where it is of two (Tunstall et al. 2022, arXiv:2209.11055). The
    /// mean over pairs of one class and that over the others weigh alike: of many classes there are hardly any of the former.
    /// </summary>
    Cosine,

    /// <summary>
    /// For every example the cross-entropy of finding those of its class among all others by their cosines at a temperature of 0.1, the mean outside of the
    /// logarithm (Khosla et al. 2020, arXiv:2004.11362).
    /// </summary>
    CrossEntropy,
}
