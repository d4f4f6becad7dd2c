namespace TransferLab.Comparison;

/// <summary>An adaptation tested in one context: a row of the table.</summary>
/// <param name="Context">The context.</param>
/// <param name="Name">Name of the row.</param>
/// <param name="Stem">What its files are called, without seed and extension.</param>
internal sealed record ComparisonRow(TestContext Context, string Name, string Stem);
