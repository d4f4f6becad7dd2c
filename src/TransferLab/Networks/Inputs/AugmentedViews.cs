namespace TransferLab.Networks;

/// <summary>The random views of one batch: the same numbers give the same views, whatever thread draws them.</summary>
/// <param name="Augmentation">What may vary.</param>
/// <param name="Seeds">One seed an example.</param>
public sealed record AugmentedViews(Augmentation Augmentation, IReadOnlyList<int> Seeds);
