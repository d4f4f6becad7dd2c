namespace TransferLab.Comparison;

/// <summary>How surely two strategies differ on this test, beside the interval of their difference.</summary>
public sealed record PairTest
{
    /// <summary>Test examples that the second strategy has right and the first has not (with other scores: more points for); with several seeds, in more of
    /// them than the other way round.</summary>
    public required int Gained { get; init; }

    /// <summary>Test examples the other way round.</summary>
    public required int Lost { get; init; }

    /// <summary>
    /// McNemar's exact test (1947) of gained against lost, two-sided; of scores other than right and wrong what <see cref="Method"/> says. It speaks of these
    /// trained models; whether other seeds would do the same is the interval's matter.
    /// </summary>
    public required double PValue { get; init; }

    /// <summary>The test, where it is not McNemar's: <c>paired t</c>, of the differences example by example.</summary>
    public string? Method { get; init; }

    /// <summary>The same corrected for the number of pairs of the comparison (Holm 1979).</summary>
    public double Corrected { get; init; }

    /// <summary>95 % interval by the paired bootstrap: test examples and seeds drawn anew, the same for both strategies (percentiles).</summary>
    public Estimate? Bootstrap { get; init; }

    /// <summary>
    /// Test examples with which a difference of <see cref="NeededFor"/> would be found four times in five; null where more examples would not do, because
    /// the seeds differ more than that.
    /// </summary>
    public long? NeededExamples { get; init; }

    /// <summary>The difference that <see cref="NeededExamples"/> is for: the measured one, but at least half a point.</summary>
    public double NeededFor { get; init; }
}
