namespace TransferLab.Networks.Architectures;

/// <summary>How rotary frequencies are stretched for texts longer than those of pretraining.</summary>
/// <param name="Type"><c>linear</c> (all alike) or <c>llama3</c> (the slow ones alone, with a passage between).</param>
/// <param name="Factor">How far the slow ones are stretched.</param>
internal sealed record RotaryScaling(string Type, double Factor)
{
    /// <summary>Of llama3: frequencies slower than so many turns over <see cref="Original"/> are stretched in full.</summary>
    public double Low { get; init; } = 1;

    /// <summary>Of llama3: frequencies faster than so many turns stay.</summary>
    public double High { get; init; } = 4;

    /// <summary>Of llama3: positions of pretraining.</summary>
    public int Original { get; init; } = 8192;

    /// <summary>What each frequency is divided by, [width / 2].</summary>
    public IReadOnlyList<double> Factors(int width, double theta) => [.. Enumerable.Range(0, width / 2).Select(i =>
    {
        if (Type == "linear")
        {
            return Factor;
        }

        double turns = Original * Math.Pow(theta, -2.0 * i / width) / (2 * Math.PI);
        double share = Math.Clamp((turns - Low) / (High - Low), 0, 1); // 1: as it was.
        return 1 / (((1 - share) / Factor) + share);
    })];
}
