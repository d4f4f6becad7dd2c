namespace TransferLab.Comparison;

/// <summary>What answers cost, in whatever currency.</summary>
/// <param name="InputMillion">A million tokens that are read; 0 for nothing.</param>
/// <param name="OutputMillion">A million tokens that are written; 0 for nothing.</param>
/// <param name="Hour">An hour of the machine; 0 for nothing.</param>
public sealed record AnswerPrices(double InputMillion, double OutputMillion, double Hour)
{
    private const double MostPrice = 1e9;

    /// <summary>Refuses what is no price.</summary>
    /// <exception cref="ArgumentException">One is negative, or beyond all measure.</exception>
    public AnswerPrices Checked() => new[] { InputMillion, OutputMillion, Hour }.All(price => price is >= 0 and <= MostPrice) ? this
        : throw new ArgumentException("A price is 0 or more, and below a thousand million.");

    /// <summary>Whether it follows what preparation costs: by the hour, or by the tokens that tuning reads.</summary>
    internal bool KnowsPreparation => Hour > 0 || InputMillion > 0;

    /// <summary>What preparation costs: its time where an hour has a price, otherwise the tokens that tuning reads at the price of tokens that are
    /// read.</summary>
    /// <param name="tokens">Tokens that tuning reads, every epoch counted.</param>
    /// <param name="seconds">Its time.</param>
    internal double OfPreparation(double tokens, double seconds) => Hour > 0 ? seconds * Hour / 3600 : tokens * InputMillion / 1e6;

    /// <summary>What a request costs.</summary>
    /// <param name="inputTokens">Tokens read.</param>
    /// <param name="outputTokens">Tokens written.</param>
    /// <param name="seconds">Its time.</param>
    public double Of(double inputTokens, double outputTokens, double seconds) => ((inputTokens * InputMillion) + (outputTokens * OutputMillion)) / 1e6
        + (seconds * Hour / 3600);
}
