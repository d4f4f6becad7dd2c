namespace TransferLab.Data;

/// <summary>One of several classes.</summary>
/// <param name="Index">Index into <see cref="LabeledData.Classes"/>.</param>
public sealed record ClassTarget(int Index) : Target
{
    /// <inheritdoc/>
    public override int Stratum => Index;
}
