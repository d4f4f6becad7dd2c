namespace TransferLab.Networks;

/// <summary>Goes on with one text, a token at a time, faster than a whole pass of its network.</summary>
internal interface ITokenDecoder : IDisposable
{
    /// <summary>Reads a token.</summary>
    /// <returns>The logits of the next, [vocabulary]; until the next call.</returns>
    ReadOnlySpan<float> Next(long id);
}
