namespace TransferLab.Comparison;

/// <summary>What a comparison of answers asked, and what it can say beside its rows.</summary>
public sealed record QuestionSummary
{
    /// <summary>The test questions.</summary>
    public required IReadOnlyList<QuestionItem> Items { get; init; }

    /// <summary>What makes clusters, which intervals and tests resample: <c>fact</c>, <c>document</c> or <c>wording</c>.</summary>
    public required string ClusteredBy { get; init; }

    /// <summary>How many clusters there are.</summary>
    public required int Clusters { get; init; }

    /// <summary>The passages that were shown, by id.</summary>
    public IReadOnlyDictionary<string, string> Passages { get; init; } = new Dictionary<string, string>();

    /// <summary>How passages are looked up; null where none are.</summary>
    public string? Retriever { get; init; }

    /// <summary>Where the passages of <c>oracle</c> come from, in a sentence; null where none were shown.</summary>
    public string? Oracle { get; init; }

    /// <summary>What tokens or hours cost; null where nobody said.</summary>
    public AnswerPrices? Prices { get; init; }

    /// <summary>After how many requests tuning has paid for itself.</summary>
    public IReadOnlyList<BreakEven> BreakEvens { get; init; } = [];
}
