namespace TransferLab.Data;

/// <summary>Looks at chat data before a second of training is spent on it.</summary>
public static class ChatCheck
{
    private const double LargeGroup = 0.5;
    private const int FewGroups = 20; // Rows below which the share of a group says nothing.

    /// <summary>Checks a file, and the held-out file beside it.</summary>
    /// <param name="path">A .jsonl, .ndjson or .json file of conversations in any shape that is read.</param>
    /// <param name="options">By whose rules.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="DataException">A file is missing, of another kind, or larger than 512 MB. What is wrong inside is reported.</exception>
    public static ChatReport Run(string path, ChatCheckOptions options, CancellationToken cancellation = default)
    {
        ChatFile file = ChatFile.Read(path, options.Host), test = options.TestPath is null ? Empty(path) : ChatFile.Read(options.TestPath, options.Host);
        Func<Conversation, ConversationSize> measure = options.Measure ?? ConversationSize.Estimate;
        List<ChatFinding> findings = [.. FileRules.Of(file, options.Host, isTest: false), .. file.Rows.SelectMany(row => row.Findings)];
        ChatRow[] readable = [.. file.Rows.Where(row => row.IsMendable)], held = [.. test.Rows.Where(row => row.IsMendable)];
        RowComparisons comparisons = new();
        ConversationSize[] sizes = new ConversationSize[readable.Length];
        for (int i = 0; i < readable.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            sizes[i] = measure(readable[i].Conversation!);
            List<ChatFinding> seen = readable[i].Seen;
            seen.AddRange(ContentChecks.Of(readable[i]));
            seen.AddRange(comparisons.Add(readable[i]));
            AddSize(seen, readable[i], sizes[i], options, inTest: false);
            findings.AddRange(seen);
        }

        QuestionClusters clusters = new([.. readable.Select(row => RowComparisons.Question(row.Conversation!)).Where(question => question.Length > 0)]);
        AddVariety(findings, clusters);
        if (options.TestPath is not null)
        {
            AddTest(findings, test, held, comparisons, clusters, measure, options);
        }

        int[] lengths = [.. sizes.Select(size => size.Tokens)], tooLong = [.. lengths.Where(length => length > (options.MaxTokens ?? int.MaxValue))];
        return new(path, options.Host, file.Rows,
            [.. findings.OrderByDescending(finding => finding.IsFault).ThenBy(finding => finding.InTest).ThenBy(finding => finding.Line)])
        {
            TestRows = options.TestPath is null ? null : test.Rows.Count,
            Tokens = lengths.Sum(length => (long)length),
            TrainedTokens = sizes.Sum(size => (long)size.Trained),
            IsEstimate = options.Measure is null,
            TooLong = (tooLong.Length, tooLong.Sum(length => (long)length)),
            Lengths = new(lengths),
            Groups = clusters.Groups,
            Grouped = clusters.Count,
        };
    }

    private static ChatFile Empty(string path) => new(path, 0, false, [], []);

    private static void AddSize(List<ChatFinding> findings, ChatRow row, ConversationSize size, ChatCheckOptions options, bool inTest)
    {
        if (size.Refusal is { } refusal)
        {
            findings.Add(new(row.Line, row.Root, "not-writable", true, $"the model's chat template cannot write it: {refusal.TrimEnd('.')}",
                "change it, leave it out, or take a model whose template can")
            {
                Mended = "left out",
                InTest = inTest,
            });
        }

        if (size.Tokens > options.MaxTokens)
        {
            string about = options.Measure is null ? "about " : "";
            findings.Add(new(row.Line, row.Root, "too-long", false,
                $"{about}{size.Tokens:N0} tokens where {options.MaxTokens:N0} are allowed; the row is dropped, for an answer is never cut",
                "shorten it, or allow more")
            { Mended = "left out", InTest = inTest });
        }
    }

    private static void AddVariety(List<ChatFinding> findings, QuestionClusters clusters)
    {
        if (clusters.Count >= FewGroups && clusters.Groups[0] is var (size, head) && size > LargeGroup * clusters.Count)
        {
            findings.Add(new(0, "$", "little-variety", false, $"{100.0 * size / clusters.Count:0} % of the questions are like '{ChatRowContext.Short(head)}'",
                "add other questions, or expect the model to know this one kind"));
        }
    }

    private static void AddTest(List<ChatFinding> findings, ChatFile test, ChatRow[] held, RowComparisons comparisons, QuestionClusters clusters,
        Func<Conversation, ConversationSize> measure, ChatCheckOptions options)
    {
        findings.AddRange(FileRules.Of(test, options.Host, isTest: true).Concat(test.Rows.SelectMany(row => row.Findings))
            .Select(finding => finding with { InTest = true }));
        foreach (ChatRow row in held)
        {
            findings.AddRange(ContentChecks.Of(row).Select(finding => finding with { InTest = true }));
            AddSize(findings, row, measure(row.Conversation!), options, inTest: true);
            if (comparisons.Held(row) is { } overlap)
            {
                findings.Add(overlap);
            }
            else if (RowComparisons.Question(row.Conversation!) is { Length: > 0 } question && clusters.Nearest(question) < QuestionClusters.Far)
            {
                findings.Add(new(row.Line, row.Root, "far-question", false, $"'{ChatRowContext.Short(question)}' is like no question of the training file",
                    "train on some of its kind, or expect little of it")
                { InTest = true });
            }
        }
    }
}
