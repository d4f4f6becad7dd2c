namespace TransferLab.Comparison;

/// <summary>Where the learning rates of the layers come from.</summary>
public enum RateChoice
{
    /// <summary>From the strategy, and where it names none from the backbone's recipe.</summary>
    Fixed,

    /// <summary>
    /// From short trials on the training examples: those rates, a tenth, a third and three times of them. Others are taken only where held-out log loss is
    /// lower by more than one standard error.
    /// </summary>
    Searched,
}
