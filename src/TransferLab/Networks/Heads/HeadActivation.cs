namespace TransferLab.Networks;

/// <summary>The activation of a head's hidden layer.</summary>
public enum HeadActivation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Hyperbolic tangent, as in BERT's pooler.</summary>
    Tanh,

    /// <summary>Gaussian error linear unit (Hendrycks and Gimpel 2016, arXiv:1606.08415), by erf.</summary>
    Gelu,
}
