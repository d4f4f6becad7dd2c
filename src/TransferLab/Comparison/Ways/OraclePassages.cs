using System.Globalization;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Comparison;

/// <summary>Knows which passage is the right one for a question: the document that it names, else one that holds a right answer, else the one with most words
/// of it.</summary>
internal sealed class OraclePassages
{
    private const int Tries = 50;
    private readonly IReadOnlyList<Passage> _passages;
    private readonly Lazy<AnswerText[]> _texts;
    private readonly bool _isEnglish;

    public OraclePassages(IReadOnlyList<Passage> passages, AnswerScorer scorer)
    {
        (_passages, _isEnglish) = (passages, scorer.IsEnglish);
        _texts = new(() => [.. passages.Select(passage => new AnswerText(passage.Text, scorer.IsEnglish))]);
    }

    /// <summary>The right passage.</summary>
    public Passage Right(Question question) => _passages[IndexOf(question).Index];

    /// <summary>A wrong one: of another document, and without a right answer in it.</summary>
    public Passage Wrong(Question question, int seed)
    {
        Random random = new(Seeds.Mix(seed, "wrong passage " + question.Name));
        Passage right = Right(question);
        AnswerText[] answers = Answers(question);
        for (int i = 0; i < Tries; i++)
        {
            int drawn = random.Next(_passages.Count);
            if (DocumentOf(_passages[drawn]) != DocumentOf(right) && !answers.Any(_texts.Value[drawn].Holds))
            {
                return _passages[drawn];
            }
        }

        return _passages.FirstOrDefault(passage => passage.Id != right.Id) ?? right;
    }

    /// <summary>Whether passages that were shown hold a right answer, or are of the document that the question names.</summary>
    public bool IsFound(Question question, IEnumerable<Passage> shown)
    {
        AnswerText[] answers = question.Answers.Count > 0 || question.Document is null ? Answers(question) : [];
        return shown.Any(passage => passage.Id == question.Document
            || (answers.Length == 0 ? IsOf(passage, question.Document!) : answers.Any(new AnswerText(passage.Text, _isEnglish).Holds)));
    }

    /// <summary>How the right passages were told, in a sentence.</summary>
    public string Describe(IReadOnlyList<Question> questions)
    {
        int[] counts = [.. questions.Select(question => IndexOf(question).How).GroupBy(how => how).Select(group => (group.Key, Count: group.Count()))
            .Aggregate(new int[3], (all, pair) =>
        {
            all[pair.Key] = pair.Count;
            return all;
        })];
        string[] parts =
        [
            counts[0] > 0 ? Say($"of the document that the question names ({counts[0]:N0})") : "",
            counts[1] > 0 ? Say($"one that holds a right answer ({counts[1]:N0})") : "",
            counts[2] > 0 ? Say($"the one with most words of the answer, because none holds it whole ({counts[2]:N0})") : "",
        ];
        return $"The right passage is {string.Join("; ", parts.Where(part => part.Length > 0))}.";
    }

    private (int Index, int How) IndexOf(Question question)
    {
        AnswerText[] answers = Answers(question);
        int[] named = question.Document is { } document ? [.. Enumerable.Range(0, _passages.Count).Where(i => IsOf(_passages[i], document))] : [];
        if (named.Length > 0)
        {
            return (Best(named, answers), 0);
        }

        int[] holding = [.. Enumerable.Range(0, _passages.Count).Where(i => answers.Any(_texts.Value[i].Holds))];
        return holding.Length > 0 ? (Best(holding, [new AnswerText($"{question.Text} {question.Reference}", _isEnglish)]), 1)
            : (Best([.. Enumerable.Range(0, _passages.Count)], answers), 2);
    }

    private int Best(int[] among, AnswerText[] answers) => among.Length == 1 ? among[0]
        : among.MaxBy(i => (answers.Any(_texts.Value[i].Holds) ? 1 : 0) + answers.Max(answer => Overlap.F1(_texts.Value[i].Words, answer.Words)));

    private AnswerText[] Answers(Question question) => [.. question.Right.Select(answer => new AnswerText(answer, _isEnglish))];

    /// <summary>The document that a passage is of: of a table or a book the file, and not the row or page that <see cref="Passage.Source"/> names.</summary>
    internal static string DocumentOf(Passage passage) => passage.Id.LastIndexOf('#') is > 0 and var end ? passage.Id[..end] : passage.Source;

    /// <summary>A question names a passage by its id, or its document by its source: the path or the file's name, with or without its extension.</summary>
    private static bool IsOf(Passage passage, string document) => passage.Id == document
        || new[] { passage.Source, DocumentOf(passage) }.Any(name => name == document || Path.GetFileName(name) == document
            || Path.GetFileNameWithoutExtension(name) == document);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
