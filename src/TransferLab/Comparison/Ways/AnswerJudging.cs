using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Has a judge look at the answers of runs; equal answers to a question are judged once.</summary>
/// <param name="judge">The judge.</param>
/// <param name="questions">The test questions.</param>
/// <param name="metric">Whose 0 or 1 the judge is held beside.</param>
internal sealed class AnswerJudging(IAnswerJudge judge, IReadOnlyList<Question> questions, MetricSummary metric)
{
    private const double Trusted = 0.9;
    private readonly Dictionary<(int Question, string Answer), bool?> _verdicts = [];
    private int _judged, _agreed, _exact, _exactHeldRight;

    /// <summary>The run with the judge's score beside its others: 1 where the answer is right.</summary>
    /// <param name="run">A run.</param>
    /// <param name="told">Told how far it is.</param>
    /// <param name="cancellation">Stops between answers.</param>
    public StoredRun Of(StoredRun run, Action<double> told, CancellationToken cancellation)
    {
        IReadOnlyList<AnswerResult> answers = run.Result.Answers!;
        double[] scores = new double[answers.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            scores[i] = IsRight(i, answers[i], cancellation) ? 1 : 0;
            _judged++;
            bool isExact = run.Result.Scores[AnswerMetrics.Exact.Name][i] == 1;
            _exact += isExact ? 1 : 0;
            _exactHeldRight += isExact && scores[i] == 1 ? 1 : 0;
            _agreed += scores[i] == Math.Round(run.Result.Scores[metric.Name][i]) ? 1 : 0;
            told((i + 1.0) / scores.Length);
        }

        return run with
        {
            Result = run.Result with { Scores = new Dictionary<string, double[]>(run.Result.Scores) { [AnswerMetrics.Judged.Name] = scores } },
        };
    }

    /// <summary>Who judged, how often like the metric beside it, what it makes of answers that are right word for word, and what it did not decide.</summary>
    public string Sentence()
    {
        int silent = _verdicts.Values.Count(verdict => verdict is null);
        string none = silent == 0 ? "" : $" Of {Naming.Count(silent, "answer", "answers")} it said neither right nor wrong; they count as wrong.";
        string sure = _exact == 0 ? "" : FormattableString.Invariant(
            $" Of the {_exact:N0} that are a right answer word for word it holds {(double)_exactHeldRight / _exact:0.0 %} right")
            + (_exactHeldRight < Trusted * _exact ? ", so do not trust it." : ".");
        return FormattableString.Invariant(
            $"Judged by {judge.Name}, which says the same as '{metric.Name}' of {(double)_agreed / _judged:0.0 %} of the answers.")
            + $"{sure}{none} A judge errs too, and small models more: read its column beside the others.";
    }

    private bool IsRight(int question, AnswerResult answer, CancellationToken cancellation)
    {
        string text = answer.Text.Trim();
        if (text.Length == 0)
        {
            return questions[question].Unanswerable && answer.Stopped; // Silence is no refusal where nobody asked.
        }

        (int, string) key = (question, text);
        if (!_verdicts.TryGetValue(key, out bool? verdict))
        {
            _verdicts[key] = verdict = judge.IsRight(questions[question], text, cancellation);
        }

        return verdict ?? false;
    }
}
