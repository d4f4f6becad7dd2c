namespace TransferLab.Networks;

/// <summary>A token that is found in a text before anything else is done with it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">What it looks like.</param>
/// <param name="Special">Whether it is a mark, and not text.</param>
/// <param name="Normalized">Whether it is looked for after normalisation.</param>
/// <param name="LStrip">Whether white space before it belongs to it.</param>
/// <param name="RStrip">Whether white space after it belongs to it.</param>
/// <param name="SingleWord">Whether it has to stand alone.</param>
internal sealed record AddedToken(
    int Id, string Content, bool Special = true, bool Normalized = false, bool LStrip = false, bool RStrip = false, bool SingleWord = false)
{
    /// <summary>Whether the model's own vocabulary holds it too.</summary>
    public bool InModel { get; init; }
}
