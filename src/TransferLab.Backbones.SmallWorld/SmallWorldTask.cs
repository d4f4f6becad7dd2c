using System.Text.Json;
using TransferLab.Runtime;

namespace TransferLab.Backbones;

/// <summary>
/// Questions, documents and changes of a small world that the model which comes with the package never saw, as files that a comparison of answers reads:
/// whether to prompt, retrieve or tune can be tried on them in minutes.
/// </summary>
public static class SmallWorldTask
{
    /// <summary>Folder of the documents within that of a task.</summary>
    public const string Documents = "documents";

    /// <summary>File of the changes within the folder of a task.</summary>
    public const string Changes = "changes.jsonl";

    /// <summary>Folder of the documents after the changes.</summary>
    public const string DocumentsAfter = Documents + "-after";

    private const int PerKind = 12, Wordings = 3;
    private const double TaughtShare = 0.5, ChangedShare = 0.25;

    /// <summary>
    /// Writes <c>train.jsonl</c>, <c>test.jsonl</c>, <c>documents/</c>, <c>changes.jsonl</c> and <c>documents-after/</c>. Half of the facts that the test asks
    /// for were asked in training, in other words; of the others only the documents know; some are known nowhere. The changes are new values of a quarter of
    /// the facts, asked in the words of training, and the documents after them: of what has not changed they say the same in the same words.
    /// </summary>
    /// <param name="folder">Made if need be; files of these names are replaced.</param>
    /// <param name="seed">Decides the world.</param>
    /// <param name="questions">Test questions, 10 to 150.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number of questions.</exception>
    public static void Write(string folder, int seed = 1, int questions = 60)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(questions, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(questions, 150);
        SmallWorldGenerator world = new(seed, held: true), other = new(Seeds.Mix(seed, "wordings"));
        Random random = new(seed);
        IReadOnlyList<WorldThing> things = world.Inhabitants(PerKind);
        (WorldThing Thing, WorldFact Fact)[] facts =
            [.. things.SelectMany(thing => thing.Facts.Where(fact => fact.Relation.Asked).Select(fact => (thing, fact))).OrderBy(_ => random.Next())];
        int unanswerable = questions / 10, asked = questions - unanswerable, taught = (int)(asked * TaughtShare);
        List<Row> test = [.. facts.Take(asked).Select(item => Of(world, item.Thing, item.Fact))], train = [];
        foreach ((WorldThing thing, WorldFact fact) in facts.Take(taught).Concat(facts.Skip(asked).Take(asked - taught)))
        {
            train.AddRange(Enumerable.Range(0, Wordings).Select(_ => Of(other, thing, fact)).DistinctBy(row => row.Question));
        }

        for (int i = 0; i < 2 * unanswerable; i++)
        {
            WorldThing thing = things[random.Next(things.Count)];
            Wording[] open = [.. WordingFile.Known.Kinds[thing.Kind].Where(wording => wording.Asked && thing.Facts.All(fact => fact.Relation != wording))];
            if (open.Length > 0)
            {
                bool isTest = i < unanswerable;
                Wording relation = open[random.Next(open.Length)];
                (isTest
                    ? test
                    : train).Add(new((isTest ? world : other).Question(thing, relation), SmallWorldQuestion.Refusal, $"{thing.Name}: {relation.Name}", null));
            }
        }

        Save(Path.Combine(folder, "train.jsonl"), train.OrderBy(_ => random.Next()));
        Save(Path.Combine(folder, "test.jsonl"), test);
        Save(Path.Combine(folder, Documents), things.ToDictionary(FileOf, world.Article));
        Change(folder, world, other, things, test, random);
    }

    /// <summary>The task of the defaults, in the user's cache; written anew at each call.</summary>
    /// <exception cref="IOException">The cache cannot be written to.</exception>
    public static string Folder()
    {
        string folder = Path.Combine(UserFolders.Cache, "tasks", SmallWorld.Name);
        Write(folder);
        return folder;
    }

    private static Row Of(SmallWorldGenerator world, WorldThing thing, WorldFact fact) =>
        new(world.Question(thing, fact.Relation), fact.Value, $"{thing.Name}: {fact.Relation.Name}", FileOf(thing));

    private static void Change(string folder, SmallWorldGenerator world, SmallWorldGenerator other, IReadOnlyList<WorldThing> things, List<Row> test,
        Random random)
    {
        HashSet<string> asked = [.. test.Select(row => row.Fact)];
        Dictionary<string, string> articles = [];
        List<Row> changes = [];
        foreach (WorldThing thing in things)
        {
            WorldThing changed = thing with
            {
                Facts = [.. thing.Facts.Select(fact => random.NextDouble() < ChangedShare ? fact with { Value = Other(world, fact) } : fact)],
            };
            if (changed.Facts.SequenceEqual(thing.Facts))
            {
                articles[FileOf(thing)] = File.ReadAllText(Path.Combine(folder, Documents, FileOf(thing) + ".txt")).TrimEnd('\n');
                continue;
            }

            articles[FileOf(thing)] = world.Article(changed);
            changes.AddRange(changed.Facts.Except(thing.Facts).Select(fact => Of(other, changed, fact)).Where(row => asked.Contains(row.Fact)));
        }

        Save(Path.Combine(folder, Changes), changes);
        Save(Path.Combine(folder, DocumentsAfter), articles);
    }

    private static string Other(SmallWorldGenerator world, WorldFact fact)
    {
        string value;
        do
        {
            value = world.Value(fact.Relation);
        }
        while (value == fact.Value);
        return value;
    }

    private static void Save(string folder, Dictionary<string, string> articles)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, string article) in articles)
        {
            WholeFile.Write(Path.Combine(folder, name + ".txt"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(article + "\n")));
        }
    }

    private static void Save(string path, IEnumerable<Row> rows) => WholeFile.Write(path, stream =>
    {
        foreach (Row row in rows)
        {
            Dictionary<string, object> line = new()
            {
                ["messages"] = new[] { new { role = "user", content = row.Question }, new { role = "assistant", content = row.Answer } },
                ["fact"] = row.Fact,
            };
            if (row.Document is { } document)
            {
                line["document"] = document;
            }
            else
            {
                line["unanswerable"] = true;
            }

            JsonSerializer.Serialize(stream, line);
            stream.WriteByte((byte)'\n');
        }
    });

    private static string FileOf(WorldThing thing) => thing.Name.ToLowerInvariant().Replace(' ', '-').Replace("'", "", StringComparison.Ordinal);

    private sealed record Row(string Question, string Answer, string Fact, string? Document);
}
