using System.Security.Cryptography;
using System.Text;

namespace TransferLab.Data;

/// <summary>Rows beside one another: what is said twice, answered twice, or held out and trained on.</summary>
internal sealed class RowComparisons
{
    private const int MostText = 20_000; // Characters of a row that are compared for near-duplicates.

    private readonly Dictionary<string, string> _wholes = [], _exact = [], _questions = [];
    private readonly Dictionary<string, (string Place, string Answer, string Shown)> _answers = [];
    private readonly NearDuplicates _nearWholes = new(), _nearQuestions = new();
    private readonly List<string> _places = [], _questionPlaces = [];

    /// <summary>Takes up a row for training, and compares it with those before it.</summary>
    public IEnumerable<ChatFinding> Add(ChatRow row)
    {
        Conversation conversation = row.Conversation!;
        string exact = Hash(conversation, conversation.Turns.Count, isExact: true), whole = Hash(conversation, conversation.Turns.Count);
        if (!_exact.TryAdd(exact, row.Place))
        {
            yield return new(row.Line, row.Root, "duplicate", false, $"says the same as {_exact[exact]}", "remove one: it counts twice")
            {
                Mended = "left out",
            };
            yield break;
        }

        if (!_wholes.TryAdd(whole, row.Place))
        {
            yield return new(row.Line, row.Root, "duplicate", false, $"says the same as {_wholes[whole]}, but for weights, capitals or white space",
                "keep one, or make sure that the difference is what is to be learnt");
            yield break;
        }

        string question = Question(conversation);
        _questions.TryAdd(TextHash.Of(question), row.Place);
        _questionPlaces.Add(row.Place);
        _nearQuestions.Add(question);
        _places.Add(row.Place);
        int? near = _nearWholes.Add(Text(conversation));
        if (TwoAnswers(row) is { } two)
        {
            yield return two;
        }
        else if (near is { } other)
        {
            yield return new(row.Line, row.Root, "near-duplicate", false, $"says nearly the same as {_places[other]}",
                "keep one, or make sure that the difference is what is to be learnt");
        }
    }

    /// <summary>Compares a held-out row with those for training.</summary>
    public ChatFinding? Held(ChatRow row)
    {
        Conversation conversation = row.Conversation!;
        string question = Question(conversation);
        const string mend = "take it out of one of the two files: the test flatters";
        if (_wholes.TryGetValue(Hash(conversation, conversation.Turns.Count), out string? place))
        {
            return Overlap("held-out-trained", $"is also {place} of the training file", mend);
        }

        if (question.Length > 0 && _questions.TryGetValue(TextHash.Of(question), out place))
        {
            return Overlap("held-out-question", $"asks what {place} of the training file asks", mend);
        }

        return _nearQuestions.Find(question) is { } near
            ? Overlap("held-out-near", $"asks nearly what {_questionPlaces[near]} of the training file asks",
                "take it out of one of the two files, unless wordings are what is tested")
            : null;

        ChatFinding Overlap(string kind, string reason, string what) => new(row.Line, row.Root, kind, false, reason, what) { InTest = true };
    }

    /// <summary>What the user says, all turns.</summary>
    public static string Question(Conversation conversation) =>
        string.Join('\n', conversation.Turns.Where(turn => turn.Role == Role.User).Select(turn => turn.Content));

    private static string Text(Conversation conversation)
    {
        string text = string.Join('\n', conversation.Turns.Where(turn => turn.Role is not (Role.System or Role.Developer)).Select(turn => turn.Content));
        return UnicodeText.Head(text, MostText);
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
            if (!_answers.TryAdd(context, (row.Place, answer, shown)) && _answers[context] is var before && before.Answer != answer
                && before.Place != row.Place)
            {
                found ??= new(row.Line, row.TextPath(i), "another-answer", false,
                    $"the question of {before.Place}, answered otherwise ('{shown}' where that says '{before.Shown}')",
                    "keep the better answer, unless both are right");
            }
        }

        return found;
    }

    /// <summary>Of the first turns: of every sign, name and weight, or of what a reader takes for the same.</summary>
    private static string Hash(Conversation conversation, int turns, bool isExact = false)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(conversation.Tools ?? "");
        foreach (Turn turn in conversation.Turns.Take(turns))
        {
            Append(turn.Role.ToString());
            Append(isExact ? $"{turn.Weight} {turn.Name} {turn.Content}" : TextHash.Normal(turn.Content));
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
