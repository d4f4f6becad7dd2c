using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TransferLab.Runtime;

namespace TransferLab.Data;

/// <summary>Questions to tune on, questions to test on, and what a person should know of them.</summary>
public sealed record QuestionSet
{
    /// <summary>Name for tables and files.</summary>
    public required string Name { get; init; }

    /// <summary>Rows that may be tuned on and shown as examples.</summary>
    public required IReadOnlyList<Question> Train { get; init; }

    /// <summary>Rows that are asked.</summary>
    public required IReadOnlyList<Question> Test { get; init; }

    /// <summary>For every test question the cluster that it belongs to: questions on one fact, or one passage, stand or fall together.</summary>
    public required IReadOnlyList<int> Clusters { get; init; }

    /// <summary>What makes a cluster: <c>fact</c>, <c>document</c> or <c>wording</c>.</summary>
    public required string ClusteredBy { get; init; }

    /// <summary>Passages that came with the questions, as in SQuAD's files; empty where there are none.</summary>
    public IReadOnlyList<Passage> Passages { get; init; } = [];

    /// <summary>Rows that were not drawn, where not all are asked or tuned on.</summary>
    internal IReadOnlyList<Question> NotAsked { get; init; } = [];

    /// <summary>What a person should know: what test and training share, and how a file was split. One sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>SHA-256 (lower-case hex) over all rows, and passages that came with them.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Reads a folder with <c>train.jsonl</c> and <c>test.jsonl</c>, or one file, which is split.</summary>
    /// <param name="path">The folder or file: conversations as <see cref="ConversationFile"/> reads them, whose rows may have <c>answers</c>, <c>fact</c>,
    /// <c>document</c>, <c>unanswerable</c> and <c>id</c>; or SQuAD's JSON.</param>
    /// <param name="mostTest">Most test questions: whole clusters are drawn until no more fit; null for all.</param>
    /// <exception cref="DataException">Missing, or a row cannot be used: one line.</exception>
    public static QuestionSet Read(string path, int? mostTest = null)
    {
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (Directory.Exists(path) && (Find(path, "train"), Find(path, "test")) is var (train, test) && (train ?? test) is not null)
        {
            QuestionRows trained = QuestionFile.Read(train
                ?? throw new DataException($"{path} has a test and no train.jsonl beside it; write one, or give a single file, which is split."));
            QuestionRows asked = QuestionFile.Read(test
                ?? throw new DataException($"{path} has train.jsonl and no test.jsonl beside it; write one, or give the file alone, which is split."));
            return Of(name, trained.Questions, asked.Questions, [.. trained.Passages.Concat(asked.Passages).DistinctBy(passage => passage.Id)], [], mostTest);
        }

        QuestionRows rows = QuestionFile.Read(Directory.Exists(path) ? Only(path) : path);
        (IReadOnlyList<Question> kept, IReadOnlyList<Question> held, string how) = QuestionSplit.Of(rows.Questions, path);
        return Of(name, kept, held, rows.Passages, [how], mostTest);
    }

    /// <summary>Reads two files of any names; the set is called after the test's.</summary>
    /// <param name="train">Rows that may be tuned on; null for none.</param>
    /// <param name="test">Rows that are asked.</param>
    /// <exception cref="DataException">Missing, or a row cannot be used: one line.</exception>
    public static QuestionSet ReadFiles(string? train, string test)
    {
        QuestionRows asked = QuestionFile.Read(test);
        QuestionRows? trained = train is null ? null : QuestionFile.Read(train);
        return Of(Path.GetFileNameWithoutExtension(test), trained?.Questions
            ?? [], asked.Questions, [.. (trained?.Passages ?? []).Concat(asked.Passages).DistinctBy(passage => passage.Id)], [], mostTest: null);
    }

    /// <summary>A set of rows that are at hand.</summary>
    /// <param name="name">Name for tables and files.</param>
    /// <param name="train">Rows that may be tuned on; none is allowed.</param>
    /// <param name="test">Rows that are asked, one or more.</param>
    /// <param name="passages">Passages that belong to them; null for none.</param>
    /// <exception cref="DataException">There is no test question.</exception>
    public static QuestionSet Of(string name, IReadOnlyList<Question> train, IReadOnlyList<Question> test, IReadOnlyList<Passage>? passages = null) =>
        Of(name, train, test, passages ?? [], [], mostTest: null);

    /// <summary>The same with so many training rows, drawn; fewer are always part of more.</summary>
    internal QuestionSet Draw(int training)
    {
        if (training >= Train.Count)
        {
            return this;
        }

        int[] order = [.. Enumerable.Range(0, Train.Count)];
        new Random(Seeds.Mix(1, "training questions")).Shuffle(order);
        HashSet<int> drawn = [.. order.Take(training)];
        IReadOnlyList<Question> train = [.. Train.Where((_, i) => drawn.Contains(i))];
        string said = string.Create(CultureInfo.InvariantCulture, $"{training:N0} of {Train.Count:N0} training questions are used, drawn at random.");
        return this with
        {
            Train = train,
            NotAsked = [.. NotAsked, .. Train.Where((_, i) => !drawn.Contains(i))],
            Warnings = [.. Warnings.Except(QuestionOverlap.Between(Train, Test)), said, .. QuestionOverlap.Between(train, Test)],
            Hash = HashOf(train, Test, Passages),
        };
    }

    private static QuestionSet Of(string name, IReadOnlyList<Question> train, IReadOnlyList<Question> test, IReadOnlyList<Passage> passages,
        IReadOnlyList<string> said, int? mostTest)
    {
        if (test.Count == 0)
        {
            throw new DataException($"{name}: there is no question to test on.");
        }

        (int[] clusters, string by) = QuestionSplit.Clusters(test);
        List<string> warnings = [.. said];
        IReadOnlyList<Question> all = test;
        if (mostTest is { } most && most < test.Count)
        {
            int[] drawn = QuestionSplit.Draw(clusters, most);
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{drawn.Length:N0} of {test.Count:N0} test questions are asked, drawn by {by}."));
            test = [.. drawn.Select(i => test[i])];
            (clusters, by) = QuestionSplit.Clusters(test);
        }

        warnings.AddRange(QuestionOverlap.Between(train, test));
        if (clusters.Distinct().Count() < Few)
        {
            warnings.Add(
                $"The test has {Naming.Count(clusters.Distinct().Count(), "cluster", "clusters")} of questions that stand or fall together, and intervals are "
                    + $"trusted from about {Few} on.");
        }

        return new()
        {
            Name = name,
            Train = train,
            Test = test,
            Clusters = clusters,
            ClusteredBy = by,
            Passages = passages,
            Warnings = warnings,
            Hash = HashOf(train, test, passages),
            NotAsked = all == test ? [] : [.. all.Except(test)],
        };
    }

    private const int Few = 20;

    private static string? Find(string folder, string part) =>
        new[] { ".jsonl", ".ndjson", ".json" }.Select(extension => Path.Combine(folder, part + extension)).FirstOrDefault(File.Exists);

    private static string Only(string folder)
    {
        string[] files = [.. Directory.GetFiles(folder).Where(file => Path.GetExtension(file).ToLowerInvariant() is ".jsonl" or ".ndjson" or ".json")];
        return files.Length == 1 ? files[0]
            : throw new DataException(
                $"{folder} holds no train.jsonl and test.jsonl, and "
                    + $"{(files.Length == 0 ? "no file of questions" : $"{files.Length} files that may be questions")}; name one file, or write these two.");
    }

    private static string HashOf(IReadOnlyList<Question> train, IReadOnlyList<Question> test, IReadOnlyList<Passage> passages)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            sha.AppendData(BitConverter.GetBytes(bytes.Length));
            sha.AppendData(bytes);
        }

        foreach ((IReadOnlyList<Question> rows, string part) in new[] { (train, "train"), (test, "test") })
        {
            Add(part);
            foreach (Question row in rows)
            {
                foreach (Turn turn in row.Whole.Turns)
                {
                    Add(turn.Role.ToString());
                    Add(turn.Content);
                }

                Add(string.Join('\u0001', (string[])[row.Name, row.Fact ?? "", row.Document ?? "", row.Unanswerable ? "1" : "0", .. row.Answers]));
            }
        }

        foreach (Passage passage in passages)
        {
            Add(passage.Id);
            Add(passage.Text);
        }

        return Convert.ToHexString(sha.GetHashAndReset()).ToLowerInvariant();
    }
}
