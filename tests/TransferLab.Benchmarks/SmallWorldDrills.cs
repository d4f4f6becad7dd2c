using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Benchmarks;

/// <summary>Rows of tokens without sense, by which a model learns to look up before it learns what is looked up.</summary>
/// <param name="specials">The first token that is no special one.</param>
/// <param name="vocabulary">How many tokens there are.</param>
/// <param name="words">The tokens of <see cref="Words"/>.</param>
internal sealed class SmallWorldDrills(int specials, int vocabulary, long[][] words)
{
    /// <summary>What stands in every row of <see cref="Binding"/>: in fresh tokens for each, nothing was learnt.</summary>
    public static IReadOnlyList<string> Words { get; } = [" it", " is", ".", "<|im_start|>", "?", "<|im_end|>", SmallWorldQuestion.Refusal];

    /// <summary>
    /// Tokens without sense that come again, and only what can be known is trained: a sequence said twice, or keys with values and the keys asked in another
    /// order. Reading is made of these two, and is learned from them in minutes where answers alone, a handful of tokens in hundreds, take hours (Olsson et al.
    /// 2022, arXiv:2209.11895; Arora et al. 2023, arXiv:2312.04927).
    /// </summary>
    public CompletionTarget Lookup(Random random)
    {
        Row row = new();
        long[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(specials, vocabulary))];
        row.Add(Draw(1), false);
        if (random.NextDouble() < 0.5)
        {
            long[] sequence = Draw(8 + random.Next(56));
            row.Add(sequence, false);
            row.Add(sequence.Take(1), false);
            row.Add(sequence.Skip(1), true);
        }
        else
        {
            long after = Draw(1)[0], end = Draw(1)[0];
            (long[] Key, long[] Value)[] pairs =
                [.. Enumerable.Range(0, 3 + random.Next(10)).Select(_ => (Draw(1 + random.Next(3)), Draw(1 + random.Next(3))))];
            foreach ((long[] key, long[] value) in pairs)
            {
                row.Add([.. key, after, .. value, end], false);
            }

            foreach ((long[] key, long[] value) in pairs.OrderBy(_ => random.Next()))
            {
                row.Add([.. key, after], false);
                row.Add([.. value, end], true);
            }
        }

        return row.Target;
    }

    /// <summary>
    /// Tokens without sense again: things of which the same properties are said, and a value is asked by thing and property, the one before the other or after
    /// it; what is not said of a thing is refused. A thing is named once before all that is said of it, or in every sentence, and a value stands behind what it
    /// belongs to, before it or between. A key alone finds several values here, so looking up one of two is not enough: passages about two or three things
    /// need the same, and have an answer or two where these rows have ten.
    /// </summary>
    public CompletionTarget Binding(Random random)
    {
        Row row = new();
        long[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(specials, vocabulary))];
        (long[] of, long[] between, long[] stop, long[] ask, long[] answer, long[] end, long[] refusal) =
            (words[0], words[1], words[2], words[3], words[4], words[5], words[6]);
        double level = random.NextDouble();
        int longest = level < 0.5 ? 1 : level < 0.75 ? 2 : 3;
        long[][] properties = [.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Draw(1 + random.Next(Math.Min(2, longest))))];
        long[][] things = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Draw(1 + random.Next(longest)))];
        (int Thing, int Property, long[] Value)[] facts =
            [.. things.SelectMany((_, thing) => properties.Select((_, property) => (thing, property, Draw(1 + random.Next(longest))))
                .Where(_ => random.NextDouble() < 0.75))];
        bool isMixed = random.NextDouble() < 0.35, isNamedOnce = !isMixed && random.NextDouble() < 0.5;
        facts = isMixed ? [.. facts.OrderBy(_ => random.Next())] : [.. facts.OrderBy(fact => fact.Thing).ThenBy(_ => random.Next())];
        int order = random.Next(level < 0.3 ? 4 : 7), last = -1;
        row.Add(Draw(1), false);
        foreach ((int thing, int property, long[] value) in facts)
        {
            IEnumerable<long> name = things[thing];
            if (isNamedOnce && thing == last)
            {
                name = of;
            }

            last = thing;
            int form = order == 6 ? random.Next(3) : Math.Max(0, order - 3);
            row.Add(
                form switch
                {
                    0 => [.. name, .. properties[property], .. between, .. value, .. stop],
                    1 => [.. properties[property], .. name, .. between, .. value, .. stop],
                    _ => (long[])[.. value, .. between, .. properties[property], .. name, .. stop],
                },
                false);
        }

        bool isThingFirst = random.NextDouble() < 0.5;
        foreach ((int thing, int property) in Enumerable.Range(0, things.Length).SelectMany(thing => properties.Select((_, i) => (thing, i)))
            .OrderBy(_ => random.Next()).Take(12))
        {
            long[]? value = facts.FirstOrDefault(fact => fact.Thing == thing && fact.Property == property).Value;
            (long[] first, long[] second) = isThingFirst ? (things[thing], properties[property]) : (properties[property], things[thing]);
            row.Add([.. ask, .. first, .. second, .. answer], false);
            row.Add([.. value ?? refusal, .. end], true);
        }

        return row.Target;
    }

    /// <summary>A row under way: its tokens, and which of them are trained.</summary>
    private sealed class Row
    {
        private readonly List<long> _ids = [];
        private readonly List<bool> _trained = [];

        public CompletionTarget Target => new([.. _ids], [.. _trained]);

        public void Add(IEnumerable<long> tokens, bool train)
        {
            _ids.AddRange(tokens);
            _trained.AddRange(Enumerable.Repeat(train, _ids.Count - _trained.Count));
        }
    }
}
