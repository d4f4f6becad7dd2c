using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Counts old and new answers.</summary>
internal sealed class FreshnessScores(QuestionSet before, ChangedTask task, AnswerScorer scorer, MetricSummary[] metrics)
{
    private readonly int[] _changed = [.. task.Changed.Select(i => before.Clusters[i])], _unchanged = [.. task.Unchanged.Select(i => before.Clusters[i])];

    /// <summary>A way after the change.</summary>
    /// <param name="way">Its name.</param>
    /// <param name="mending">What was done to it.</param>
    /// <param name="seconds">How long that took.</param>
    /// <param name="answers">Its answers to all test questions.</param>
    /// <param name="earlier">Its run before the change; null for a way that was not mended.</param>
    /// <param name="runner">Scores what has not changed.</param>
    public FreshRow Row(string way, Mending mending, double seconds, IReadOnlyList<AnswerResult> answers, RunResult? earlier, AnswerRunner runner)
    {
        string[] said = [.. task.Changed.Select(i => answers[i].Text)];
        (bool New, bool Old, bool NewExact, bool OldExact)[] counts = [.. said.Select((text, i) => Count(text, task.Changed[i]))];
        double[] unchanged = Unchanged(runner.Scores(answers)[metrics[0].Name]);
        return new()
        {
            Way = way,
            Mending = mending,
            Seconds = seconds,
            New = task.KnowsNew ? Share(count => count.New) : null,
            Old = Share(count => count.Old),
            NewExact = task.KnowsNew ? counts.Average(count => count.NewExact ? 1.0 : 0) : null,
            OldExact = counts.Average(count => count.OldExact ? 1.0 : 0),
            Unchanged = unchanged.Length == 0 ? null : AnswerStatistics.Mean([unchanged], _unchanged, metrics[0].IsShare),
            Kept = unchanged.Length == 0 || earlier is null ? null
                : AnswerStatistics.Difference([Unchanged(earlier.Scores[metrics[0].Name])], [unchanged], _unchanged, metrics[0].IsShare).Difference,
            Answers = said,
        };

        Estimate Share(Func<(bool New, bool Old, bool NewExact, bool OldExact), bool> counted) =>
            AnswerStatistics.Mean([[.. counts.Select(count => counted(count) ? 1.0 : 0)]], _changed, isShare: true);
    }

    /// <summary>Which wins where the weights know the old answer and a passage holds the new one.</summary>
    /// <param name="adaptation">How the model was tuned.</param>
    /// <param name="alone">Its answers to the changed questions without a passage.</param>
    /// <param name="shown">Those with the right new passage.</param>
    public FreshConflict Conflict(string adaptation, IReadOnlyList<AnswerResult> alone, IReadOnlyList<AnswerResult> shown)
    {
        int[] against = [.. Enumerable.Range(0, task.Changed.Length).Where(i => Count(alone[i].Text, task.Changed[i]).Old && shown[i].Found == true)];
        (bool New, bool Old, bool NewExact, bool OldExact)[] said = [.. against.Select(i => Count(shown[i].Text, task.Changed[i]))];
        return new(adaptation, against.Length, said.Count(count => count.New), said.Count(count => count.Old));
    }

    /// <summary>Whether an answer holds the new or the old one. One of both counts as new, unless the new one is but a part of the old one.</summary>
    private (bool New, bool Old, bool NewExact, bool OldExact) Count(string answer, int item)
    {
        Question old = before.Test[item], now = task.Whole.Test[item];
        AnswerScore asOld = scorer.Score(answer, old.Right, old.Unanswerable), asNew = scorer.Score(answer, now.Right, now.Unanswerable);
        bool holdsOld = asOld.Contains == 1, holdsNew = task.KnowsNew && asNew.Contains == 1;
        bool isPart = holdsOld && holdsNew && !old.Unanswerable && !now.Unanswerable && old.Right.Any(whole => scorer.Score(answer, [whole]).Contains == 1
            && now.Right.Any(part => new AnswerText(whole, scorer.IsEnglish).Holds(new AnswerText(part, scorer.IsEnglish))));
        return (holdsNew && !isPart, holdsOld && (!holdsNew || isPart), task.KnowsNew && asNew.ExactMatch == 1, asOld.ExactMatch == 1);
    }

    private double[] Unchanged(double[] scores) => [.. task.Unchanged.Select(i => scores[i])];
}
