namespace TransferLab.Data;

/// <summary>A data set that the program knows by name. Only embedded ones come with it; the program downloads nothing.</summary>
public sealed record CatalogEntry
{
    /// <summary>Name, also that of its folder.</summary>
    public required string Name { get; init; }

    /// <summary><c>image</c> or <c>text</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>Number of training examples.</summary>
    public required int Train { get; init; }

    /// <summary>Number of test examples.</summary>
    public required int Test { get; init; }

    /// <summary>What it shows and who made it.</summary>
    public required string Origin { get; init; }

    /// <summary>The page to get it from.</summary>
    public required string Page { get; init; }

    /// <summary>Licence of the data.</summary>
    public required string Licence { get; init; }

    /// <summary>What to know before trusting a figure measured on it.</summary>
    public required string Note { get; init; }

    /// <summary>Whether it comes with the program.</summary>
    public bool Embedded { get; init; }
}
