using TransferLab.Runtime;

namespace TransferLab.Data;

/// <summary>Holds conversations out for a test, those that are nearly alike together, so that what is tested was not trained in other words.</summary>
public static class ConversationSplit
{
    /// <summary>Splits.</summary>
    /// <param name="conversations">All rows.</param>
    /// <param name="share">Share to be held out, above 0 and below 1; at least one row is.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="DataException">All rows are nearly alike, so that none can be held out.</exception>
    public static (IReadOnlyList<Conversation> Train, IReadOnlyList<Conversation> HeldOut) HoldOut(IReadOnlyList<Conversation> conversations, double share,
        int seed)
    {
        int[] groups = Groups(conversations);
        int[] order = [.. groups.Distinct()];
        new Random(Seeds.Mix(seed, "held out")).Shuffle(order);
        int wanted = Math.Max(1, (int)Math.Round(conversations.Count * share)), count = 0;
        HashSet<int> held = [];
        foreach (int group in order)
        {
            int size = groups.Count(other => other == group);
            if (count + size <= wanted || (held.Count == 0 && size < conversations.Count / 2))
            {
                held.Add(group);
                count += size;
            }
        }

        return held.Count > 0 && held.Count < order.Length
            ? ([.. conversations.Where((_, i) => !held.Contains(groups[i]))], [.. conversations.Where((_, i) => held.Contains(groups[i]))])
            : throw new DataException($"All {conversations.Count} rows are nearly alike, so that none can be held out for a test; give a file of test rows.");
    }

    /// <summary>For each row the index of the first of those that it is nearly alike with.</summary>
    private static int[] Groups(IReadOnlyList<Conversation> conversations)
    {
        NearDuplicates texts = new();
        int[] groups = new int[conversations.Count];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] =
                texts.Add(string.Join('\n',
                    conversations[i].Turns.Where(turn => turn.Role is Role.User or Role.Assistant).Select(turn => turn.Content))) is { } earlier
                ? groups[earlier]
                : i;
        }

        return groups;
    }
}
