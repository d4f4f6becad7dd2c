using System.Globalization;
using TransferLab.Runtime;

namespace TransferLab.Data;

/// <summary>What belongs together: in a split of training and test, and in a test whose intervals must not count five questions on one fact as five.</summary>
internal static class QuestionSplit
{
    private const double TestShare = 0.2;
    private const int Seed = 1;

    /// <summary>Splits a file, a fifth for the test: questions of one fact, article or document together, and near-duplicates too.</summary>
    public static (IReadOnlyList<Question> Train, IReadOnlyList<Question> Test, string How) Of(IReadOnlyList<Question> all, string path)
    {
        int[] groups = Joined(all, row => row.Group ?? row.Fact ?? row.Document);
        int[] drawn = Draw(groups, Math.Max(1, (int)Math.Round(all.Count * TestShare)));
        if (drawn.Length == 0 || drawn.Length == all.Count)
        {
            throw new DataException(
                $"{path}: all {all.Count} questions are about one fact or nearly alike, so that none can be held out; give a folder with train.jsonl and "
                    + $"test.jsonl.");
        }

        HashSet<int> test = [.. drawn];
        string by = all.Any(row => row.Group is not null)
            ? "article"
            : all.Any(row => row.Fact is not null)
            ? "fact"
            : all.Any(row => row.Document is not null)
            ? "document"
            : "wording";
        return ([.. all.Where((_, i) => !test.Contains(i))], [.. all.Where((_, i) => test.Contains(i))],
            string.Create(CultureInfo.InvariantCulture,
                $"One file was split by {by}, near-duplicates together: {all.Count - drawn.Length:N0} questions for training, {drawn.Length:N0} for the "
                    + $"test."));
    }

    /// <summary>The cluster of every question, numbered from 0, and what makes clusters.</summary>
    public static (int[] Clusters, string By) Clusters(IReadOnlyList<Question> rows)
    {
        bool facts = rows.Any(row => row.Fact is not null), documents = rows.Any(row => row.Document is not null);
        int[] groups = Joined(rows, row => row.Fact is { } fact ? $"fact {fact}" : row.Document is { } document ? $"document {document}" : null);
        int[] order = [.. groups.Distinct()];
        return ([.. groups.Select(group => Array.IndexOf(order, group))], facts ? "fact" : documents ? "document" : "wording");
    }

    /// <summary>Draws whole groups until no more fit; of groups that are all too large, parts of the first.</summary>
    public static int[] Draw(IReadOnlyList<int> groups, int most)
    {
        int[] order = [.. groups.Distinct()];
        new Random(Seeds.Mix(Seed, "questions")).Shuffle(order);
        ILookup<int, int> members = Enumerable.Range(0, groups.Count).ToLookup(i => groups[i]);
        List<int> drawn = [];
        foreach (int group in order)
        {
            int size = members[group].Count();
            if (drawn.Count + size <= most || (drawn.Count == 0 && group == order.MinBy(other => members[other].Count())))
            {
                drawn.AddRange(members[group]);
            }
        }

        return [.. drawn.Order()];
    }

    /// <summary>For every row the first of those that it belongs with: by key, and by wording.</summary>
    private static int[] Joined(IReadOnlyList<Question> rows, Func<Question, string?> key)
    {
        int[] parent = [.. Enumerable.Range(0, rows.Count)];
        int Root(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }

            return i;
        }

        void Join(int a, int b)
        {
            (int low, int high) = (Math.Min(Root(a), Root(b)), Math.Max(Root(a), Root(b)));
            parent[high] = low;
        }

        Dictionary<string, int> first = new(StringComparer.Ordinal);
        NearDuplicates texts = new();
        for (int i = 0; i < rows.Count; i++)
        {
            if (key(rows[i]) is { } name && !first.TryAdd(name, i))
            {
                Join(i, first[name]);
            }

            if (texts.Add($"{rows[i].Text}\n{rows[i].Reference}") is { } earlier)
            {
                Join(i, earlier);
            }
        }

        return [.. Enumerable.Range(0, rows.Count).Select(Root)];
    }
}
