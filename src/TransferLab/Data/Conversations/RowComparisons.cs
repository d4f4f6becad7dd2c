using System.Security.Cryptography;
using System.Text;

namespace TransferLab.Data;

/// <summary>Rows beside one another: what is said twice, answered twice, or held out and trained on.</summary>
internal sealed class RowComparisons
{
    private const int MostText = 20_000; // Characters of a row that are compared for near-duplicates.

    private readonly Dictionary<string, int> _wholes = [];
    private readonly Dictionary<string, int> _questions = [];
    private readonly Dictionary<string, (int Line, string Answer, string Shown)> _answers = [];
    private readonly NearDuplicates _nearWholes = new(), _nearQuestions = new();
    private readonly List<int> _lines = [], _questionLines = [];

    /// <summary>Takes up a row for training, and compares it with those before it.</summary>
    public IEnumerable<ChatFinding> Add(ChatRow row)
    {
        Conversation conversation = row.Conversation!;
        string whole = Hash(conversation, conversation.Turns.Count);
        if (!_wholes.TryAdd(whole, row.Line))
        {
            yield return new(row.Line, "$", "duplicate", false, $"says the same as line {_wholes[whole]}",
                "remove one: it counts twice")
            { Mended = "left out" };
            yield break;
        }

        string question = Question(conversation);
        _questions.TryAdd(TextHash.Of(question), row.Line);
        _questionLines.Add(row.Line);
        _nearQuestions.Add(question);
        _lines.Add(row.Line);
        int? near = _nearWholes.Add(Text(conversation));
        if (TwoAnswers(row) is { } two)
        {
            yield return two;
        }
        else if (near is { } other)
        {
            yield return new(row.Line, "$", "near-duplicate", false, $"says nearly the same as line {_lines[other]}",
                "keep one, or make sure that the difference is what is to be learnt");
        }
    }

    /// <summary>Compares a held-out row with those for training.</summary>
    public ChatFinding? Held(ChatRow row)
    {
        Conversation conversation = row.Conversation!;
        string question = Question(conversation);
        const string mend = "take it out of one of the two files: the test flatters";
        if (_wholes.TryGetValue(Hash(conversation, conversation.Turns.Count), out int line))
        {
            return Overlap("held-out-trained", $"is also line {line} of the training file", mend);
        }

        if (question.Length > 0 && _questions.TryGetValue(TextHash.Of(question), out line))
        {
            return Overlap("held-out-question", $"asks what line {line} of the training file asks", mend);
        }

        return _nearQuestions.Find(question) is { } near
            ? Overlap("held-out-near", $"asks nearly what line {_questionLines[near]} of the training file asks",
                "take it out of one of the two files, unless wordings are what is tested")
            : null;

        ChatFinding Overlap(string kind, string reason, string what) => new(row.Line, "$", kind, false, reason, what) { InTest = true };
    }

    /// <summary>What the user says, all turns.</summary>
    public static string Question(Conversation conversation) =>
        string.Join('\n', conversation.Turns.Where(turn => turn.Role == Role.User).Select(turn => turn.Content));

    private static string Text(Conversation conversation)
    {
        string text = string.Join('\n', conversation.Turns.Where(turn => turn.Role is not (Role.System or Role.Developer)).Select(turn => turn.Content));
        return text.Length > MostText ? text[..MostText] : text;
    }

    /// <summary>The same turns before an answer, and another answer.</summary>
    private ChatFinding? TwoAnswers(ChatRow row)
    {
        ChatFinding? found = null;
        IReadOnlyList<Turn> turns = row.Conversation!.Turns;
        for (int i = 1; i < turns.Count; i++)
        {
            if (!turns[i].IsTrained || turns[i - 1].Role is not (Role.User or Role.Tool))
            {
                continue;
            }

            string context = Hash(row.Conversation, i), answer = TextHash.Of(turns[i].Content) + string.Join('\n', turns[i].ToolCalls);
            string shown = ChatRowContext.Short(turns[i].Content);
            if (!_answers.TryAdd(context, (row.Line, answer, shown)) && _answers[context] is var before && before.Answer != answer && before.Line != row.Line)
            {
                found ??= new(row.Line, row.TextPath(i), "another-answer", false,
                    $"the question of line {before.Line}, answered otherwise ('{shown}' where that says '{before.Shown}')",
                    "keep the better answer, unless both are right");
            }
        }

        return found;
    }

    private static string Hash(Conversation conversation, int turns)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(conversation.Tools ?? "");
        foreach (Turn turn in conversation.Turns.Take(turns))
        {
            Append(turn.Role.ToString());
            Append(TextHash.Normal(turn.Content));
            foreach (ToolCall call in turn.ToolCalls)
            {
                Append(call.Name);
                Append(call.Arguments);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
