using System.Globalization;
using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>The questions of a comparison after a change: which of them changed, what is right now, and what mending may tune on.</summary>
internal sealed class ChangedTask
{
    /// <summary>Looks what has changed.</summary>
    /// <param name="data">The questions before.</param>
    /// <param name="options">The comparison, with <see cref="AnswerOptions.Changes"/>.</param>
    /// <param name="scorer">Says what is an answer.</param>
    /// <exception cref="DataException">A change belongs to no question, or no test question has changed: one line.</exception>
    public ChangedTask(QuestionSet data, AnswerOptions options, AnswerScorer scorer)
    {
        AnswerChanges changes = options.Changes!;
        ChangedSet set = new(data, changes.Name, changes.Rows, scorer);
        KnowsNew = changes.Rows.Count > 0;
        Question?[] after = [.. data.Test.Select(question => set.After(question))];
        Changed = KnowsNew ? [.. Where(i => after[i] is not null)] : Vanished(data, options, scorer);
        if (Changed.Length == 0)
        {
            throw new DataException($"{changes.Name}: no test question is about what changed; add changes of facts that the test asks for.");
        }

        HashSet<int> changed = [.. Changed];
        Unchanged = [.. Where(i => !changed.Contains(i))];
        Alone = set.Alone(data.Train);
        IReadOnlyList<Question> train = [.. data.Train.Select(row => set.After(row) ?? row)];
        train = [.. train, .. Alone.Except(train)];
        Question[] test = [.. data.Test.Select((row, i) => after[i] ?? row)];
        Whole = QuestionSet.Of(data.Name, train, test) with { Clusters = data.Clusters, ClusteredBy = data.ClusteredBy };
        Only = QuestionSet.Of(data.Name, Alone, [.. Changed.Select(i => Whole.Test[i])]);
        Notes = [.. Say(set)];

        IEnumerable<int> Where(Func<int, bool> condition) => Enumerable.Range(0, data.Test.Count).Where(condition);
    }

    /// <summary>Whether anybody says what is right now.</summary>
    public bool KnowsNew { get; }

    /// <summary>Test questions whose answer changed.</summary>
    public int[] Changed { get; }

    /// <summary>All others.</summary>
    public int[] Unchanged { get; }

    /// <summary>All questions with what is right now.</summary>
    public QuestionSet Whole { get; }

    /// <summary>The changed test questions, with the changes alone to tune on.</summary>
    public QuestionSet Only { get; }

    /// <summary>Rows that tell the changes alone; none where nobody says what is right now.</summary>
    public IReadOnlyList<Question> Alone { get; }

    /// <summary>What a person should know; one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    private IEnumerable<string> Say(ChangedSet set)
    {
        if (set.Same > 0)
        {
            yield return $"{Naming.Count(set.Same, "change says", "changes say")} what was right before, and {(set.Same == 1 ? "is" : "are")} left out.";
        }

        if (!KnowsNew)
        {
            yield return "Only the documents say what changed: counted are questions whose right answer their document no longer holds; nothing is tuned on.";
            yield break;
        }

        HashSet<string> words = [.. Alone.Select(row => ChangedSet.Plain(row.Text))];
        int learnt = Only.Test.Count(row => words.Contains(ChangedSet.Plain(row.Text)));
        if (learnt > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{learnt:N0} of {Only.Test.Count:N0} changed questions stand word for word among the rows that mending tunes on: learnt by heart.");
        }
    }

    /// <summary>Questions whose right passage held a right answer, which its document no longer holds.</summary>
    private static int[] Vanished(QuestionSet data, AnswerOptions options, AnswerScorer scorer)
    {
        OraclePassages right = new(options.Documents, scorer);
        ILookup<string, AnswerText> after = options.Changes!.Documents
            .ToLookup(passage => Path.GetFileName(OraclePassages.DocumentOf(passage)), passage => new AnswerText(passage.Text, scorer.IsEnglish));
        return [.. Enumerable.Range(0, data.Test.Count).Where(i => !data.Test[i].Unanswerable).Where(i =>
        {
            Passage before = right.Right(data.Test[i]);
            AnswerText[] answers = [.. data.Test[i].Right.Select(answer => new AnswerText(answer, scorer.IsEnglish))];
            return answers.Any(new AnswerText(before.Text, scorer.IsEnglish).Holds)
                && !after[Path.GetFileName(OraclePassages.DocumentOf(before))].Any(text => answers.Any(text.Holds));
        })];
    }
}
