namespace TransferLab.Data;

/// <summary>
/// What is to be predicted for an example. An open type: a class (<see cref="ClassTarget"/>) and nothing (<see cref="NoTarget"/>) are the library's own, a task
/// of one's own brings another.
/// </summary>
public abstract record Target
{
    /// <summary>No target: what phases without labels train on.</summary>
    public static Target None { get; } = new NoTarget();

    /// <summary>
    /// Groups examples for splits, folds and weights: parts are drawn from every stratum alike, and balance makes strata count the same. 0 for all where
    /// targets have no groups.
    /// </summary>
    public virtual int Stratum => 0;
}
