namespace TransferLab.Comparison;

/// <summary>Where the learning rates of the layers come from.</summary>
public enum RateChoice
{
    /// <summary>From the strategy, and where it names none from the backbone's recipe.</summary>
    Fixed,

    /// <summary>
    /// From trials on the training examples: those rates, a tenth, a third and three times of them. From 300 examples on the trials are short, take at most
    /// half of the run's time again, and other rates are taken only where held-out log loss is lower by more than one standard error. Below, every example is
    /// held out once, the least loss decides, and the trials take some eight times as long as the run. Under a budget the trials are short too, and take a
    /// third of it.
    /// </summary>
    Searched,
}
