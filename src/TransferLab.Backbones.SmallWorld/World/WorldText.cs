namespace TransferLab.Backbones;

/// <summary>Writes facts as sentences and questions.</summary>
/// <param name="random">Its draws.</param>
/// <param name="frames">Share of sentences and of questions in the frames that suit every property.</param>
internal sealed class WorldText(WorldRandom random, double frames)
{
    private const double PronounShare = 0.45, JoinedShare = 0.15;
    private readonly WordingFile.Frame _frames = WordingFile.Known.Frames;

    /// <summary>The sentences of a thing, one after the other.</summary>
    /// <param name="thing">With its facts.</param>
    /// <param name="isAlone">Whether nothing else is spoken of between them, so that pronouns are clear.</param>
    public List<string> Sentences(WorldThing thing, bool isAlone)
    {
        List<string> sentences = [];
        for (int i = 0; i < thing.Facts.Count; i++)
        {
            string template = Template(thing.Facts[i].Relation);
            bool pronoun = isAlone && i > 0 && random.Chance(PronounShare)
                && (template.StartsWith("{s}", StringComparison.Ordinal) || template.Contains("{s's}", StringComparison.Ordinal));
            string sentence = Fill(template, thing, thing.Facts[i], pronoun);
            bool joins = isAlone && sentences.Count > 0 && template.StartsWith("{s} ", StringComparison.Ordinal) && random.Chance(JoinedShare)
                && sentences[^1].StartsWith(Capital(thing.Name), StringComparison.Ordinal);
            if (joins)
            {
                sentences[^1] = $"{sentences[^1][..^1]}, and {thing.Pronoun} {Fill(template, thing, thing.Facts[i], true)[(thing.Pronoun.Length + 1)..]}";
            }
            else
            {
                sentences.Add(sentence);
            }
        }

        return sentences;
    }

    /// <summary>A question.</summary>
    public string Question(string name, Wording relation)
    {
        bool frame = relation.Asked ? random.Chance(frames) : random.Chance(0.5);
        IReadOnlyList<string> templates = frame
            ? random.Held ? _frames.AskHeld : _frames.Ask
            : random.Held ? relation.AskHeld : relation.Ask;
        return Capital(random.Of(templates).Replace("{noun}", relation.Noun, StringComparison.Ordinal)
            .Replace("{s's}", Possessive(name), StringComparison.Ordinal).Replace("{s}", name, StringComparison.Ordinal));
    }

    private string Template(Wording relation)
    {
        IReadOnlyList<string> templates = random.Chance(frames)
            ? random.Held ? _frames.SayHeld : _frames.Say
            : random.Held ? relation.SayHeld : relation.Say;
        return random.Of(templates).Replace("{noun}", relation.Noun, StringComparison.Ordinal);
    }

    private static string Fill(string template, WorldThing thing, WorldFact fact, bool pronoun)
    {
        string name = pronoun ? thing.Pronoun : thing.Name, whose = pronoun ? thing.Possessive : Possessive(thing.Name);
        return Capital(template.Replace("{s's}", whose, StringComparison.Ordinal).Replace("{s}", name, StringComparison.Ordinal)
            .Replace("{a v}", WithArticle(fact.Value), StringComparison.Ordinal).Replace("{a V}", WithArticle(fact.Value), StringComparison.Ordinal)
            .Replace("{v}", fact.Value, StringComparison.Ordinal));
    }

    private static string Possessive(string name) => name + "'s";

    private static string WithArticle(string value) => ("aeiou".Contains(value[0], StringComparison.Ordinal) ? "an " : "a ") + value;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
