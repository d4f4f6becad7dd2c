namespace TransferLab.Strategies;

/// <summary>How a phase minimises its loss.</summary>
public enum Solver
{
    /// <summary>Stochastic gradient steps with AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101), warm-up and cosine.</summary>
    AdamW,

    /// <summary>Stochastic gradient steps with momentum, and weight decay as part of the gradient, as torch.optim.SGD takes them.</summary>
    Sgd,

    /// <summary>
    /// Muon for the matrices of the layers (Liu et al. 2025, arXiv:2502.16982), at rates and decay of AdamW, which moves everything else: fewer steps where
    /// much is to be learned, as in pretraining.
    /// </summary>
    Muon,

    /// <summary>
    /// L-BFGS to convergence, for a linear head on frozen features: the problem is convex, so its answer does not depend on a learning
    /// rate. Its weight decay is chosen by cross-validation on the training examples.
    /// </summary>
    Lbfgs,
}
