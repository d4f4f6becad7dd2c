using TransferLab.Data;

namespace TransferLab.Backbones;

/// <summary>
/// A small world in plain English that nobody has written about: people, towns, inns, ships and feasts with made-up names and properties, as texts, questions
/// and short talks; any number, by seed.
/// </summary>
/// <example><code>
/// SmallWorldGenerator world = new(seed: 1);
/// foreach (SmallWorldQuestion question in world.Questions().Take(3))
/// {
///     Console.WriteLine($"{string.Join(' ', question.Passages)} {question.Question} {question.Answer}");
/// }
/// </code></example>
public sealed class SmallWorldGenerator
{
    private const double Interleaved = 0.3, ThirdThing = 0.3;
    private static readonly string[] s_kinds = ["person", "town", "inn", "ship", "feast"];
    private readonly WorldRandom _random;
    private readonly WorldNames _names;
    private readonly SmallWorldCourse _course = new();
    private WorldText _text;

    /// <summary>A world.</summary>
    /// <param name="seed">The same world for the same seed.</param>
    /// <param name="held">
    /// Whether names, values, sentences, questions and orders of facts are those that the model which comes with the package never saw; an eighth of names and
    /// values are. What is said of its quality is measured on these.
    /// </param>
    public SmallWorldGenerator(int seed, bool held = false)
    {
        _random = new(seed, held);
        _names = new(_random);
        _text = new(_random, _course.Frames);
    }

    /// <summary>How hard its questions and conversations are.</summary>
    public SmallWorldCourse Course
    {
        get => _course;
        init
        {
            _course = value;
            _text = new(_random, value.Frames);
        }
    }

    /// <summary>Texts without questions, without end.</summary>
    public IEnumerable<string> Texts()
    {
        while (true)
        {
            yield return string.Join(' ', Passages(Things(_random.Of(s_kinds), 2 + _random.Next(3)), _text));
        }
    }

    /// <summary>Questions of one passage each, with at least one thing beside the one that is asked of; a fifth cannot be answered. Without end.</summary>
    public IEnumerable<SmallWorldQuestion> Questions() => Groups(1).Select(group => group[0]);

    /// <summary>Questions in groups about the same passages. Without end.</summary>
    /// <param name="count">Questions of a group, fewer where there is no more to ask.</param>
    public IEnumerable<IReadOnlyList<SmallWorldQuestion>> Groups(int count) => Groups(count, isEasy: false);

    /// <summary>The same; where it is easy, of one thing alone, and every question has its answer in the passage.</summary>
    internal IEnumerable<IReadOnlyList<SmallWorldQuestion>> Groups(int count, bool isEasy)
    {
        while (true)
        {
            yield return Group(Things(_random.Of(s_kinds), isEasy ? 1 : _random.Chance(ThirdThing) ? 3 : 2), count, isEasy ? 0 : Course.Refusals, _text);
        }
    }

    /// <summary>Questions about properties whose values are of any kind, in frames.</summary>
    internal IReadOnlyList<SmallWorldQuestion> Mixed(int count)
    {
        List<WorldThing> things = Things(_random.Of(s_kinds), 1 + _random.Next(3));
        things = [.. things.Select(thing => thing with { Facts = [.. thing.Facts.Select(fact => fact with { Value = Anything() })] })];
        return Group(things, count, 0, new(_random, frames: 1));
    }

    /// <summary>
    /// Questions about things of which the same few properties are said, each with a value of its own: which thing is asked of is all that tells the values
    /// apart.
    /// </summary>
    /// <param name="count">Questions, fewer where there is no more to ask.</param>
    /// <param name="things">How many there are.</param>
    /// <param name="properties">How many of each.</param>
    /// <param name="frames">Share of sentences and questions in the frames that suit every property.</param>
    internal IReadOnlyList<SmallWorldQuestion> Alike(int count, int things, int properties, double frames)
    {
        string kind = _random.Of(s_kinds);
        Wording[] relations;
        do
        {
            relations = [.. _random.Shuffled(WordingFile.Known.Kinds[kind].Where(wording => wording.Asked)).Take(properties)];
        }
        while (properties > 1 && IsOther(relations)); // There is one order at least.
        HashSet<string> used = [];
        List<WorldThing> all = [];
        while (all.Count < things)
        {
            WorldThing thing = Name(kind);
            if (used.Add(thing.Name))
            {
                all.Add(thing with { Facts = [.. Ordered().Select(wording => new WorldFact(wording, Unused(wording.Value, used)))] });
            }
        }

        return Group(all, count, 0, new(_random, frames));

        // In an order that is this side's own; one fact alone has none.
        List<Wording> Ordered()
        {
            List<Wording> order;
            do
            {
                order = _random.Shuffled(relations);
            }
            while (order.Count > 1 && IsOther(order));
            return order;
        }
    }

    /// <summary>Whether the other side of the world, the examination's or that of the training, has facts in this order.</summary>
    private bool IsOther(IEnumerable<Wording> order) => WorldRandom.IsHeld(string.Join(',', order.Select(wording => wording.Name))) != _random.Held;

    /// <summary>A name or a value of any kind.</summary>
    internal string Anything() => _random.Chance(0.2) ? Name(_random.Of(s_kinds)).Name : _names.Value(_random.Of(WordingFile.Known.ValueKinds));

    private SmallWorldQuestion[] Group(IReadOnlyList<WorldThing> things, int count, double refusals, WorldText text)
    {
        IReadOnlyList<string> passages = Passages(things, text);
        return [.. Enumerable.Range(0, 4 * count).Select(_ => Ask(things, passages, refusals, text)).DistinctBy(question => question.Fact).Take(count)];
    }

    /// <summary>Conversations as the model that comes with the package is trained on: questions about passages, facts asked again, and small talk. Without
    /// end.</summary>
    public IEnumerable<Conversation> Conversations()
    {
        WorldConversations conversations = new(this, _random, Course);
        while (true)
        {
            yield return conversations.Next();
        }
    }

    /// <summary>The same question in other words, or by chance in the same.</summary>
    internal string Again(SmallWorldQuestion question)
    {
        int colon = question.Fact.LastIndexOf(':');
        string relation = question.Fact[(colon + 2)..];
        return _text.Question(question.Fact[..colon], WordingFile.Known.Kinds[question.Kind].First(wording => wording.Name == relation));
    }

    /// <summary>Small talk: what is said, and the answer.</summary>
    public (string Said, string Answer) Talk()
    {
        string[] talk = _random.Of(WordingFile.Known.Talk);
        return (talk[0], talk[1]);
    }

    /// <summary>Things with what is so of them, each of a name of its own.</summary>
    internal IReadOnlyList<WorldThing> Inhabitants(int perKind) => [.. s_kinds.SelectMany(kind => Things(kind, perKind))];

    /// <summary>What is said of some things of one kind: a few sentences each, without pronouns.</summary>
    internal IReadOnlyList<(string Name, IReadOnlyList<string> Sentences)> Spoken(int count) =>
        [.. Things(_random.Of(s_kinds), count).Select(thing => (thing.Name, (IReadOnlyList<string>)_text.Sentences(thing, isAlone: false)))];

    /// <summary>All that is so of a thing, as a text.</summary>
    internal string Article(WorldThing thing) => string.Join(' ', _text.Sentences(thing, isAlone: true));

    /// <summary>A value that a property may have.</summary>
    internal string Value(Wording relation) => _names.Value(relation.Value);

    /// <summary>A question of a thing's property.</summary>
    internal string Question(WorldThing thing, Wording relation) => _text.Question(thing.Name, relation);

    private SmallWorldQuestion Ask(IReadOnlyList<WorldThing> things, IReadOnlyList<string> passages, double refusals, WorldText text)
    {
        bool refuses = _random.Chance(refusals);
        WorldThing thing = _random.Of(things);
        Wording relation;
        string name = thing.Name;
        if (!refuses)
        {
            relation = _random.Of(thing.Facts).Relation;
        }
        else if (_random.Chance(0.3))
        {
            name = Name(thing.Kind).Name; // Of something that the passages do not speak of.
            relation = _random.Of(thing.Facts).Relation;
        }
        else
        {
            HashSet<string> said = [.. thing.Facts.Select(fact => fact.Relation.Name)];
            Wording[] open = [.. WordingFile.Known.Kinds[thing.Kind].Where(wording => !said.Contains(wording.Name) && (wording.Asked || _random.Held))];
            Wording[] ofOthers = [.. open.Where(wording => things.Any(other => other.Facts.Any(fact => fact.Relation.Name == wording.Name)))];
            relation = _random.Of(ofOthers.Length > 0 && _random.Chance(0.7) ? ofOthers : open);
        }

        if (!relation.Asked && !_random.Held)
        {
            return Ask(things, passages, refusals, text);
        }

        string? value = name == thing.Name ? thing.Facts.FirstOrDefault(fact => fact.Relation == relation)?.Value : null;
        return new()
        {
            Passages = passages,
            Question = text.Question(name, relation),
            Answer = value ?? SmallWorldQuestion.Refusal,
            Kind = thing.Kind,
            Fact = $"{name}: {relation.Name}",
            IsAnswerable = value is not null,
            IsTrained = relation.Asked,
        };
    }

    /// <summary>Things of one kind that share some of their properties, so that each distracts from the others.</summary>
    private List<WorldThing> Things(string kind, int count)
    {
        List<Wording> common = _random.Shuffled(WordingFile.Known.Kinds[kind]);
        HashSet<string> used = [];
        List<WorldThing> things = [];
        for (int i = 0; i < count; i++)
        {
            List<Wording> order;
            do
            {
                // Mostly what the others have too, and something else.
                int facts = 2 + _random.Next(3);
                order = _random.Shuffled(common.Take(facts + 1)).Take(Math.Max(1, facts - 1)).ToList();
                order.AddRange(_random.Shuffled(common.Except(order)).Take(1));
                order = _random.Shuffled(order);
            }
            while (IsOther(order));
            WorldThing thing;
            do
            {
                thing = Name(kind);
            }
            while (!used.Add(thing.Name));
            things.Add(thing with { Facts = [.. order.Select(wording => new WorldFact(wording, Unused(wording.Value, used)))] });
        }

        return things;
    }

    private string Unused(string kind, HashSet<string> used)
    {
        string value;
        do
        {
            value = _names.Value(kind);
        }
        while (!used.Add(value));
        return value;
    }

    private WorldThing Name(string kind)
    {
        bool isFemale = _random.Chance(0.5);
        return new(kind, _names.Entity(kind, isFemale), isFemale);
    }

    private List<string> Passages(IReadOnlyList<WorldThing> things, WorldText text)
    {
        if (_random.Chance(Interleaved))
        {
            Queue<string>[] sentences = [.. things.Select(thing => new Queue<string>(text.Sentences(thing, isAlone: false)))];
            List<string> mixed = [];
            while (sentences.Where(queue => queue.Count > 0).ToArray() is { Length: > 0 } left)
            {
                mixed.Add(_random.Of(left).Dequeue());
            }

            return [string.Join(' ', mixed)];
        }

        return [.. _random.Shuffled(things).Select(thing => string.Join(' ', text.Sentences(thing, isAlone: true)))];
    }
}
