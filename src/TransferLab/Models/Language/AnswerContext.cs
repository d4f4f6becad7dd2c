using TransferLab.Data;

namespace TransferLab.Models;

/// <summary>
/// What stands before a language model beside a question: answers to questions like it, and passages that were looked up for it. Safe to use from several
/// threads where the retriever is.
/// </summary>
public sealed class AnswerContext
{
    /// <summary>How passages and question are written where nobody says otherwise.</summary>
    public const string DefaultPrompt = "Answer the question from the passages.\n\n{passages}\n\nQuestion: {question}";

    private const string PassagesPlace = "{passages}", QuestionPlace = "{question}";
    private const int Most = 100;
    private readonly NearestQuestions? _nearest;

    /// <summary>A context.</summary>
    /// <param name="examples">Answered questions from which the nearest are shown; null for none.</param>
    /// <param name="shots">How many of them are shown, 0 to 100.</param>
    /// <param name="retriever">Where passages are looked up; null for none.</param>
    /// <param name="passages">How many passages are shown, 1 to 100.</param>
    /// <param name="prompt">How passages and question are written, with <c>{passages}</c> and <c>{question}</c> in it; null for
    /// <see cref="DefaultPrompt"/>.</param>
    /// <exception cref="ArgumentException">A number is out of its bounds, or the prompt lacks one of its places.</exception>
    public AnswerContext(IReadOnlyList<Conversation>? examples = null, int shots = 0, IPassageRetriever? retriever = null, int passages = 3, string? prompt =
        null)
    {
        Shots = shots is >= 0 and <= Most ? shots : throw new ArgumentException($"0 to {Most} examples are shown, not {shots}.");
        Passages = passages is >= 1 and <= Most ? passages : throw new ArgumentException($"1 to {Most} passages are shown, not {passages}.");
        Prompt = Checked(prompt ?? DefaultPrompt);
        (Examples, Retriever) = (examples ?? [], retriever);
        _nearest = Examples.Count > 0 && shots > 0 ? new([.. Examples.Select(Asked)]) : null;
    }

    /// <summary>Answered questions from which the nearest are shown.</summary>
    public IReadOnlyList<Conversation> Examples { get; }

    /// <summary>How many of them are shown.</summary>
    public int Shots { get; }

    /// <summary>Where passages are looked up; null for none.</summary>
    public IPassageRetriever? Retriever { get; }

    /// <summary>How many passages are shown.</summary>
    public int Passages { get; }

    /// <summary>How passages and question are written.</summary>
    public string Prompt { get; }

    /// <summary>What the model is asked instead of a conversation.</summary>
    /// <param name="asked">Ends with the turn that is to be answered.</param>
    /// <param name="fits">Whether a conversation leaves room for an answer; the last passages, then the farthest examples are left out until it does.</param>
    /// <returns>The conversation, and the passages that stand in it, the best first.</returns>
    public (Conversation Conversation, IReadOnlyList<RetrievedPassage> Passages) Of(Conversation asked, Predicate<Conversation>? fits = null)
    {
        string question = Asked(asked);
        if (question.Length == 0)
        {
            return (asked, []);
        }

        IReadOnlyList<RetrievedPassage> found = Retriever?.Retrieve(question, Passages) ?? [];
        Conversation[] shown = [.. (_nearest?.Find(question, Shots) ?? []).Select(near => Examples[near.Item])];
        return Of(asked, found, shown, fits);
    }

    /// <summary>The same with passages that are at hand.</summary>
    public (Conversation Conversation, IReadOnlyList<RetrievedPassage> Passages) With(Conversation asked, IReadOnlyList<RetrievedPassage> passages,
        Predicate<Conversation>? fits = null) => Of(asked, passages, [], fits);

    private (Conversation Conversation, IReadOnlyList<RetrievedPassage> Passages) Of(
        Conversation asked, IReadOnlyList<RetrievedPassage> found, IReadOnlyList<Conversation> shown, Predicate<Conversation>? fits)
    {
        while (true)
        {
            Conversation whole = Written(asked, found, shown);
            if (fits is null || fits(whole) || found.Count + shown.Count == 0)
            {
                return (whole, found);
            }

            if (found.Count > 0)
            {
                found = [.. found.SkipLast(1)];
            }
            else
            {
                shown = [.. shown.SkipLast(1)];
            }
        }
    }

    private Conversation Written(Conversation asked, IReadOnlyList<RetrievedPassage> found, IReadOnlyList<Conversation> shown)
    {
        List<Turn> turns = [.. asked.Turns];
        int last = turns.FindLastIndex(turn => turn.Role == Role.User);
        if (found.Count > 0)
        {
            string passages = string.Join("\n\n", found.Select(passage => passage.Passage.Text.Trim()));
            (string before, string between, string after, bool passagesFirst) = Parts();
            (string first, string second) = passagesFirst ? (passages, turns[last].Content) : (turns[last].Content, passages);
            turns[last] = turns[last] with { Content = before + first + between + second + after };
        }

        // The most alike comes last, next to the question.
        int place = turns[0].Role is Role.System or Role.Developer ? 1 : 0;
        turns.InsertRange(place, shown.Reverse().SelectMany(example => example.Turns.Where(turn => turn.Role is Role.User or Role.Assistant)));
        return asked with { Turns = turns };
    }

    /// <summary>The prompt around its two places: what stands in a passage is never taken for a place.</summary>
    private (string Before, string Between, string After, bool PassagesFirst) Parts()
    {
        int passages = Prompt.IndexOf(PassagesPlace, StringComparison.Ordinal), question = Prompt.IndexOf(QuestionPlace, StringComparison.Ordinal);
        return passages < question
            ? (Prompt[..passages], Prompt[(passages + PassagesPlace.Length)..question], Prompt[(question + QuestionPlace.Length)..], true)
            : (Prompt[..question], Prompt[(question + QuestionPlace.Length)..passages], Prompt[(passages + PassagesPlace.Length)..], false);
    }

    private static string Asked(Conversation conversation) => conversation.Turns.LastOrDefault(turn => turn.Role == Role.User)?.Content ?? "";

    private static string Checked(string prompt) => prompt.Split(PassagesPlace).Length == 2 && prompt.Split(QuestionPlace).Length == 2
        ? prompt : throw new ArgumentException($"The wording of a prompt with passages has {PassagesPlace} and {QuestionPlace} in it, once each.");
}
