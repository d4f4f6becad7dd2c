using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>Rows of questions and answers: a conversation of one question and one answer each.</summary>
public sealed class QuestionColumns
{
    private readonly ColumnTemplate _prompt, _answer;
    private readonly string? _system;

    /// <summary>Names the columns.</summary>
    /// <param name="prompt">The question, with columns' names in braces: <c>{title}\n\n{question}</c>.</param>
    /// <param name="answer">The answer likewise.</param>
    /// <param name="system">The same system turn for all; null writes none.</param>
    /// <exception cref="ArgumentException">A template without a column, or with half a brace.</exception>
    public QuestionColumns(string prompt, string answer, string? system = null) => (_prompt, _answer, _system) = (new(prompt), new(answer), system);

    /// <summary>Makes a conversation of every row that has a question and an answer.</summary>
    /// <exception cref="DataException">The rows cannot be read, or have no such column.</exception>
    public MadeChat Make(IEnumerable<SourceRow> rows, CancellationToken cancellation = default)
    {
        List<Conversation> made = [];
        Losses losses = new();
        HashSet<(string, string)> seen = [];
        Columns columns = new();
        int read = 0;
        foreach (SourceRow row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            read++;
            string question = _prompt.Fill(row, columns), answer = _answer.Fill(row, columns);
            if (question.Length == 0)
            {
                losses.Add("rows without a question", row.Place);
            }
            else if (answer.Length == 0)
            {
                losses.Add("rows without an answer", row.Place);
            }
            else if (!seen.Add((question, answer)))
            {
                losses.Add("rows that repeat another", row.Place);
            }
            else
            {
                made.Add(Conversation(question, answer));
            }
        }

        columns.Check();
        return new(read, made, losses.ToList());
    }

    private Conversation Conversation(string question, string answer) =>
        new([.. _system is null ? [] : new[] { new Turn(Role.System, _system) }, new Turn(Role.User, question), new Turn(Role.Assistant, answer)]);
}
