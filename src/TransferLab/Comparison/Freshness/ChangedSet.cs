using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Changes matched to the questions that they belong to.</summary>
internal sealed class ChangedSet
{
    private readonly string _source;
    private readonly Dictionary<string, Question> _byFact = new(StringComparer.Ordinal), _byText = new(StringComparer.Ordinal);

    /// <summary>Matches.</summary>
    /// <param name="data">The questions before.</param>
    /// <param name="source">Where the changes come from, for messages.</param>
    /// <param name="rows">The changes.</param>
    /// <param name="scorer">Says what is an answer, and whether an answer has changed.</param>
    /// <exception cref="DataException">A change belongs to no question, two contradict each other, or none is left: one line.</exception>
    public ChangedSet(QuestionSet data, string source, IReadOnlyList<Question> rows, AnswerScorer scorer)
    {
        _source = source;
        Question[] asked = [.. data.Test.Concat(data.Train).Concat(data.NotAsked)];
        ILookup<string, Question> facts = asked.Where(row => row.Fact is not null).ToLookup(row => row.Fact!, StringComparer.Ordinal);
        ILookup<string, Question> texts = asked.ToLookup(row => Plain(row.Text), StringComparer.Ordinal);
        List<(Question Change, Question Old)> pairs = [];
        int same = 0;
        foreach (Question row in rows)
        {
            Question old = (row.Fact is { } fact ? facts[fact] : texts[Plain(row.Text)]).FirstOrDefault() ?? throw new DataException(row.Fact is { } unknown
                ? $"{Where(row)}: changes the fact {Naming.Quote(unknown)}, which no question asks for; name it as they do, or leave the row out."
                : $"{Where(row)}: no question has these words; write the question as it was, give both rows a 'fact', or leave the row out.");
            Question change = row with { Fact = row.Fact ?? old.Fact };
            if (change.Unanswerable == old.Unanswerable && (change.Unanswerable || change.Right.Any(answer => scorer.Score(answer, old.Right).ExactMatch == 1)))
            {
                same++;
                continue;
            }

            Add(change.Fact is null ? _byText : _byFact, change.Fact ?? Plain(change.Text), change);
            pairs.Add((change, old));
        }

        if (rows.Count > 0 && pairs.Count == 0)
        {
            throw new DataException($"{source}: {(same == 1 ? "the row says" : $"all {same} rows say")} what was right before; give them the new answers.");
        }

        Pairs = pairs;
        Same = same;
    }

    /// <summary>Each change with a question that it belongs to.</summary>
    public IReadOnlyList<(Question Change, Question Old)> Pairs { get; }

    /// <summary>Rows that say what was right before, and are left out.</summary>
    public int Same { get; }

    /// <summary>A question after the change; null where it has not changed.</summary>
    public Question? After(Question old) =>
        (old.Fact is { } fact && _byFact.TryGetValue(fact, out Question? change)) || _byText.TryGetValue(Plain(old.Text), out change)
            ? change with { Name = old.Name, Prompt = old.Prompt, Fact = old.Fact, Group = old.Group, Document = change.Document ?? old.Document }
            : null;

    /// <summary>
    /// Rows to tune on that tell the changes alone: training rows of changed facts with the new answer, and of facts that no training row tells, the changes
    /// themselves.
    /// </summary>
    public IReadOnlyList<Question> Alone(IReadOnlyList<Question> train)
    {
        Question[] told = [.. train.Select(After).OfType<Question>()];
        HashSet<string> known = [.. told.SelectMany(row => new[] { row.Fact is { } fact ? $"fact {fact}" : "", Plain(row.Text) })];
        return [.. told, .. Pairs.Select(pair => pair.Change).Where(change => !known.Contains(change.Fact is { } fact ? $"fact {fact}" : Plain(change.Text)))];
    }

    /// <summary>The words of a question, by which it is found.</summary>
    public static string Plain(string text) => string.Join(' ', Words.Of(text));

    /// <summary>A row as messages name it: the file, the line, and its id where it has one.</summary>
    private string Where(Question row) =>
        row.Place is null || row.Place == row.Name ? $"{_source}, {row.Name}" : $"{_source}, {row.Place} ({Naming.Quote(row.Name)})";

    private void Add(Dictionary<string, Question> to, string key, Question change)
    {
        if (!to.TryAdd(key, change) && !to[key].Right.SequenceEqual(change.Right))
        {
            throw new DataException(
                $"{Where(change)}: another new answer for {Naming.Quote(key)} than {to[key].Place ?? to[key].Name} has; keep one of the two.");
        }
    }
}
