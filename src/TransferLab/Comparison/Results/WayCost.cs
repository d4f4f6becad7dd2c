namespace TransferLab.Comparison;

/// <summary>What a way of answering costs.</summary>
public sealed record WayCost
{
    /// <summary>Mean tokens read a request.</summary>
    public required double InputTokens { get; init; }

    /// <summary>Mean tokens written a request.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>Mean seconds a request.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds before the first request: tuning and indexing.</summary>
    public required double Preparation { get; init; }

    /// <summary>Tokens that tuning reads, every epoch counted; 0 where nothing is tuned, and in files of older versions.</summary>
    public double PreparationTokens { get; init; }

    /// <summary>Price of a thousand requests; null where no prices are given.</summary>
    public double? Thousand { get; init; }

    /// <summary>Share of answers that ended by themselves; null where no model answers.</summary>
    public double? Stopped { get; init; }

    /// <summary>Share of questions for which a passage with the right answer was shown; null where none was shown.</summary>
    public double? Found { get; init; }

    /// <summary>Of those, the mean of the first metric: what was found and read too; null where none was found.</summary>
    public double? FoundAndRead { get; init; }
}
