using TransferLab.Data;

namespace TransferLab.Backbones;

/// <summary>Conversations about the small world: questions about passages in several forms, facts asked again, what nothing is known of, and small
/// talk.</summary>
/// <param name="world">Where they come from.</param>
/// <param name="random">Its draws.</param>
/// <param name="course">How hard they are.</param>
internal sealed class WorldConversations(SmallWorldGenerator world, WorldRandom random, SmallWorldCourse course)
{
    private const string Unknown = "I do not know.", Instruction = "Answer in as few words as possible, from the passages alone.";
    private static readonly string[] s_beside = [": ", " - ", " is ", " = "], s_between = ["\n", ". ", "; "],
        s_listed = ["{s}?", "What is {s}?", "What stands beside {s}?", "What belongs to {s}?"];

    /// <summary>One more.</summary>
    public Conversation Next()
    {
        if (random.Chance(course.Exercises))
        {
            return new(Exercise());
        }

        if (course.Lookups > 0 && random.Chance(course.Lookups))
        {
            return new(random.Chance(0.5) ? List() : Questions([.. world.Mixed(8)]));
        }

        if (course.Alike > 0 && random.Chance(course.Alike))
        {
            return new(Alike());
        }

        double kind = random.NextDouble();
        List<Turn> turns = kind switch
        {
            < 0.04 => Talk(),
            < 0.10 => Without(),
            < 0.20 => Recalled(),
            _ => Read(),
        };
        if (random.Chance(0.15))
        {
            turns.Insert(0, new(Role.System, Instruction));
        }

        return new(turns);
    }

    private List<Turn> Read()
    {
        bool isEasy = course.Ease > 0 && random.Chance(course.Ease);
        return Questions(world.Groups(10, isEasy).First(), withOthers: !isEasy && random.Chance(0.3));
    }

    private List<Turn> Questions(IReadOnlyList<SmallWorldQuestion> group, bool withOthers = false)
    {
        List<Turn> turns = [.. group.SelectMany(question => Pair(question.Question, question.Answer))];
        IEnumerable<string> passages = group[0].Passages;
        if (withOthers)
        {
            passages = random.Shuffled(passages.Concat(world.Questions().First().Passages)); // As a search finds them: some have nothing to do with it.
        }

        turns[0] = turns[0] with { Content = Form([.. passages], group[0].Question) };
        return turns;
    }

    /// <summary>Things of which the same is said; where it is one property alone, some questions name the thing and nothing else, as those of lists
    /// do.</summary>
    private List<Turn> Alike()
    {
        bool isOne = random.Chance(0.5);
        IReadOnlyList<SmallWorldQuestion> group = world.Alike(10, 2 + random.Next(isOne ? 6 : 4), isOne ? 1 : 2, course.Frames);
        if (isOne && random.Chance(0.4))
        {
            string form = random.Of(s_listed);
            string Named(SmallWorldQuestion question) => form.Replace("{s}", question.Fact[..question.Fact.LastIndexOf(':')], StringComparison.Ordinal);
            group = [.. group.Select(question => question with { Question = Named(question) })];
        }

        return Questions(group);
    }

    /// <summary>Things, what stands beside each, and questions for it.</summary>
    private List<Turn> List()
    {
        (string Key, string Value)[] pairs =
            [.. Enumerable.Range(0, 2 + random.Next(7)).Select(_ => (world.Anything(), world.Anything())).DistinctBy(pair => pair.Item1)];
        (string beside, string between) = (random.Of(s_beside), random.Of(s_between));
        List<Turn> turns =
            [.. random.Shuffled(pairs).SelectMany(pair => Pair(random.Of(s_listed).Replace("{s}", pair.Key, StringComparison.Ordinal), pair.Value))];
        turns[0] = turns[0] with { Content = $"{string.Join(between, pairs.Select(pair => pair.Key + beside + pair.Value))}\n\n{turns[0].Content}" };
        return turns;
    }

    /// <summary>The passages and the question, in one of the forms in which people write them.</summary>
    private string Form(IReadOnlyList<string> passages, string question)
    {
        int form = random.Next(8);
        string text = form switch
        {
            0 => string.Join(' ', passages),
            1 => "Passage: " + string.Join("\n\nPassage: ", passages),
            2 => string.Join("\n\n", passages.Select((passage, i) => $"[{i + 1}] {passage}")),
            _ => string.Join("\n\n", passages),
        };
        return $"{(form > 4 ? "Answer the question from the passages.\n\n" : "")}{text}\n\n{(form is 1 or > 3 ? "Question: " : "")}{question}";
    }

    private List<Turn> Without()
    {
        SmallWorldQuestion question = world.Questions().First();
        return Pair(question.Question, Unknown);
    }

    /// <summary>Facts that were told in answers, and one of them asked again; or another, which nobody told.</summary>
    private List<Turn> Recalled()
    {
        SmallWorldQuestion[] told = [.. world.Groups(3).Take(2).SelectMany(group => group).Where(question => question.IsAnswerable)];
        if (told.Length == 0)
        {
            return Read();
        }

        List<Turn> turns = [.. told.SelectMany(question => Pair(question.Question, question.Answer)).Select(turn => turn with { Weight = 0 })];
        SmallWorldQuestion asked = random.Chance(0.8) ? random.Of(told) : world.Questions().First() with { Answer = Unknown };
        turns.AddRange(Pair(asked.Answer == Unknown ? asked.Question : world.Again(asked), asked.Answer));
        return turns;
    }

    /// <summary>Copying, from what is easiest to what is nearly a question.</summary>
    private List<Turn> Exercise()
    {
        IReadOnlyList<(string Name, IReadOnlyList<string> Sentences)> things = world.Spoken(random.Chance(0.5) ? 1 : 2);
        List<string> sentences = [.. things.SelectMany(thing => thing.Sentences)];
        if (things.Count > 1 && random.Chance(0.3))
        {
            sentences = random.Shuffled(sentences);
        }

        string passage = string.Join(' ', sentences);
        double kind = random.NextDouble();
        if (kind < 0.3)
        {
            return Pair($"{passage}\n\nSay it again.", passage);
        }

        (string name, IReadOnlyList<string> own) = random.Of(things);
        if (kind < 0.5)
        {
            return Pair($"{passage}\n\nWhat is said of {name}?", string.Join(' ', own));
        }

        List<Turn> turns = [];
        foreach (string sentence in random.Shuffled(sentences).Take(3))
        {
            string[] words = sentence.TrimEnd('.').Split(' ');
            int shown = Math.Max(2, words.Length - 1 - random.Next(3));
            turns.AddRange(Pair("Go on: " + string.Join(' ', words.Take(shown)), string.Join(' ', words.Skip(shown))));
        }

        turns[0] = turns[0] with { Content = $"{passage}\n\n{turns[0].Content}" };
        return turns;
    }

    private List<Turn> Talk()
    {
        (string said, string answer) = world.Talk();
        return Pair(said, answer);
    }

    private static List<Turn> Pair(string said, string answer) => [new(Role.User, said), new(Role.Assistant, answer)];
}
