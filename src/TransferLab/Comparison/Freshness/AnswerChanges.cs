using System.Text.RegularExpressions;
using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>Facts that change after ways of answering were prepared: questions with their new answers, and the documents after the change.</summary>
public sealed partial record AnswerChanges
{
    /// <summary>Where they come from, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Questions with the new answer, matched to the old ones by <see cref="Question.Fact"/>, or by their words where there is none; empty where only documents
    /// tell.
    /// </summary>
    public IReadOnlyList<Question> Rows { get; init; } = [];

    /// <summary>What the documents hold after the change; empty where there are none.</summary>
    public IReadOnlyList<Passage> Documents { get; init; } = [];

    /// <summary>Looks them up; null where there are none.</summary>
    public IPassageRetriever? Retriever { get; init; }

    /// <summary>Seconds that it took to index them.</summary>
    public double IndexSeconds { get; init; }

    /// <summary>Reads rows as <see cref="QuestionSet.Read"/> does.</summary>
    /// <exception cref="DataException">Missing, or a row cannot be used: one line.</exception>
    public static IReadOnlyList<Question> Read(string path) => QuestionFile.Read(path).Questions;

    /// <summary>
    /// The documents after changes of which only the rows are known: in the passage that tells the old answer the new one takes its place. Where the old answer
    /// does not stand there word for word, the changed question and its answer become a passage of their own.
    /// </summary>
    /// <param name="data">The questions before.</param>
    /// <param name="before">The documents before.</param>
    /// <param name="rows">The changes; their <see cref="Question.Document"/>, or else that of the old row, says where the old answer stands.</param>
    /// <param name="name">Where they come from, for messages: a file.</param>
    /// <exception cref="DataException">A change belongs to no question.</exception>
    public static IReadOnlyList<Passage> DocumentsAfter(
        QuestionSet data, IReadOnlyList<Passage> before, IReadOnlyList<Question> rows, string name = "The changes")
    {
        ArgumentNullException.ThrowIfNull(data);
        if (before.Count == 0)
        {
            return [];
        }

        AnswerScorer scorer = AnswerScorer.For(data.Test.Concat(data.Train).SelectMany(question => new[] { question.Text, question.Reference }));
        OraclePassages right = new(before, scorer);
        Dictionary<string, Passage> after = before.ToDictionary(passage => passage.Id);
        List<Passage> added = [];
        ChangedSet changes = new(data, name, rows, scorer);
        foreach ((Question change, Question old) in changes.Pairs.DistinctBy(pair => pair.Change.Fact ?? pair.Change.Text))
        {
            Passage passage = after[right.Right(old with { Document = change.Document ?? old.Document }).Id];
            string text = passage.Text;
            foreach (string answer in old.Right.OrderByDescending(answer => answer.Length))
            {
                text = text != passage.Text ? text
                    : change.Unanswerable ? Without(text, Written(answer))
                    : Written(answer).Replace(text, _ => change.Right[0]);
            }

            if (text != passage.Text)
            {
                after[passage.Id] = passage with { Text = text };
            }
            else if (change.Unanswerable)
            {
                continue; // The documents never said it, and say nothing now.
            }
            else
            {
                added.Add(new($"change {added.Count + 1}", change.Document ?? old.Document ?? "changes", $"{change.Text} {change.Reference}"));
            }
        }

        return [.. before.Select(passage => after[passage.Id]).Where(passage => passage.Text.Length > 0), .. added];
    }

    /// <summary>A text without the sentences and lines that hold an answer: what nobody says any longer.</summary>
    private static string Without(string text, Regex answer) =>
        string.Concat(Sentences().Split(text).Where(sentence => !answer.IsMatch(sentence))).Trim();

    [GeneratedRegex(@"(?<=[.!?\u3002]\s+|\n)", RegexOptions.CultureInvariant)]
    private static partial Regex Sentences();

    /// <summary>An answer where it stands as whole words; particles may hang on it.</summary>
    private static Regex Written(string answer) =>
        new($"(?<![A-Za-z0-9]){Regex.Escape(answer.Trim())}(?![A-Za-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
