using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>
/// Several retrievers as one, by reciprocal rank (Cormack, Clarke and Büttcher 2009): a passage's score is the sum of 1 / (60 + its rank) over those that find
/// it, so
/// that scores of different kinds need not be compared.
/// </summary>
public sealed class FusedRetriever : IPassageRetriever
{
    private const int Constant = 60, LeastDepth = 100;
    private readonly IReadOnlyList<IPassageRetriever> _retrievers;

    /// <summary>Fuses retrievers of the same passages.</summary>
    /// <param name="retrievers">At least two; passages of the same id are taken for the same.</param>
    /// <exception cref="ArgumentException">Fewer than two.</exception>
    public FusedRetriever(IReadOnlyList<IPassageRetriever> retrievers) =>
        _retrievers = retrievers.Count >= 2 ? retrievers
            : throw new ArgumentException($"Two retrievers or more are fused, not {retrievers.Count}.", nameof(retrievers));

    /// <inheritdoc/>
    public string Name => "fused";

    /// <inheritdoc/>
    public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Dictionary<string, (Passage Passage, double Score, int First)> scores = new(StringComparer.Ordinal);
        foreach (IPassageRetriever retriever in _retrievers)
        {
            int rank = 0;
            foreach ((Passage passage, _) in retriever.Retrieve(question, Math.Max(count, LeastDepth)))
            {
                (Passage, double Score, int First) known = scores.GetValueOrDefault(passage.Id, (passage, 0, scores.Count));
                scores[passage.Id] = (passage, known.Score + (1.0 / (Constant + ++rank)), known.First);
            }
        }

        return [.. scores.Values.OrderByDescending(found => found.Score).ThenBy(found => found.First).Take(count)
            .Select(found => new RetrievedPassage(found.Passage, found.Score))];
    }
}
