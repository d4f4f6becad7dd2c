namespace TransferLab.Strategies;

/// <summary>What is done about classes of different sizes in training. Validation that chooses is balanced alike; the test never is.</summary>
public enum Balance
{
    /// <summary>Nothing: every example counts the same.</summary>
    None,

    /// <summary>Every class counts the same in the loss: an example weighs as much as its class is rare (King and Zeng 2001).</summary>
    Weights,

    /// <summary>Gradient steps see every class equally often, the examples of small ones several times. Solvers without steps use weights.</summary>
    Sampling,
}
