using System.Globalization;

namespace TransferLab.Data;

/// <summary>What a test shares with its training rows: found, and said.</summary>
internal static class QuestionOverlap
{
    /// <summary>One sentence for each kind of overlap that there is.</summary>
    public static IReadOnlyList<string> Between(IReadOnlyList<Question> train, IReadOnlyList<Question> test)
    {
        HashSet<string> exact = [.. train.Select(row => Plain(row.Text))];
        HashSet<string> facts = [.. train.Select(row => row.Fact).OfType<string>()];
        NearDuplicates near = new();
        foreach (Question row in train)
        {
            near.Add(row.Text);
        }

        Question[] same = [.. test.Where(row => exact.Contains(Plain(row.Text)))];
        Question[] alike = [.. test.Except(same).Where(row => near.Find(row.Text) is not null)];
        int told = test.Count(row => row.Fact is { } fact && facts.Contains(fact));
        List<string> said = [];
        Say(same.Length, "stand word for word in the training rows, where an answer can be learnt by heart", same);
        Say(alike.Length, "are nearly alike with training rows", alike);
        Say(told, "ask for facts that training rows tell too: what is tested there is whether tuning taught them", []);
        return said;

        void Say(int count, string what, Question[] rows)
        {
            if (count > 0)
            {
                string which = rows.Length == 0 ? "" : $" ({Naming.Some(rows.Take(3).Select(row => row.Name))}{(rows.Length > 3 ? ", ..." : "")})";
                said.Add(string.Create(CultureInfo.InvariantCulture, $"{count:N0} of {test.Count:N0} test questions{which} {what}."));
            }
        }
    }

    private static string Plain(string text) => string.Join(' ', Words.Of(text));
}
