using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TransferLab.Chat.Tests;

/// <summary>What an organisation has - a log, a database, a folder of pages - becomes conversations, is checked, shown, and tuned on for one epoch.</summary>
public sealed class ChatDataWalkTests(TinyModel tiny) : IClassFixture<TinyModel>, IDisposable
{
    private static readonly string[] s_goods = ["kettle", "lamp", "bicycle", "tent", "radio", "stove", "camera", "printer"];
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("walk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(200)]
    [InlineData(10_000)]
    public async Task A_log_of_three_speakers(int rows)
    {
        Skip.If(rows > 200 && Environment.GetEnvironmentVariable("TRANSFERLAB_SLOW") != "1", "a minute of training; TRANSFERLAB_SLOW=1 is not set");
        (int system, int answered, int dropped) = WriteLog(Path.Combine(_folder, "log.csv"), rows);
        string made = await Make("log.jsonl", "--from", Path.Combine(_folder, "log.csv"), "--conversation", "ticket", "--speaker", "who", "--assistant",
            "agent", "--time", "sent", "--text", "message");
        Assert.Contains($"log.csv: {rows:N0} rows", made, StringComparison.Ordinal);
        Assert.Contains($"messages of systems: {system:N0} (", made, StringComparison.Ordinal);
        Assert.Contains($"conversations without an answer: {dropped:N0} (", made, StringComparison.Ordinal);
        Assert.Contains($": {answered:N0} conversations, ", made, StringComparison.Ordinal);

        string first = await Follow("log.jsonl");
        Assert.Contains("user\nGood morning.\nMy ", first, StringComparison.Ordinal); // Messages of one speaker, in the order of time; the file has none.
        Assert.Contains("[[I am sorry that ", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database()
    {
        using (SqliteConnection connection = new($"Data Source={Path.Combine(_folder, "shop.db")};Pooling=false"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            string values = string.Join(',', s_goods.SelectMany((item, i) => new[] { "How do I clean", "Where do I mend", "How heavy is" }
                .Select((asked, j) => $"('{asked} the {item}?', {(i + j == 0 ? "null" : $"'As sheet {(10 * i) + j} of the {item} says.'")}, 'en')")));
            command.CommandText = "create table faq(q text, a text, lang text); "
                + $"insert into faq values {values}, ('Wie schwer ist die Lampe?', 'Leicht.', 'de')";
            command.ExecuteNonQuery();
        }

        string made = await Make("shop.jsonl", "--from", Path.Combine(_folder, "shop.db"), "--sql", "select q, a from faq where lang = 'en'", "--prompt", "{q}",
            "--answer", "{a}");
        Assert.Contains("rows without an answer: 1 (row 1)", made, StringComparison.Ordinal);
        Assert.Contains(": 23 conversations, 46 turns", made, StringComparison.Ordinal);
        Assert.Contains("user\nWhere do I mend the kettle?", await Follow("shop.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_pages_with_menus_and_tables()
    {
        string site = Directory.CreateDirectory(Path.Combine(_folder, "site", "help")).FullName;
        foreach (string item in s_goods)
        {
            File.WriteAllText(Path.Combine(site, item + ".html"), $"""
                <html><head><title>{item}</title><script>track()</script></head><body><nav><ul><li>Home</li><li>Is this a menu?</li></ul></nav>
                <main><h1>The {item}</h1><h2>How do I clean the {item}?</h2><p>With a soft cloth.</p><ul><li>Never use water.</li></ul>
                <h2>What does the {item} cost?</h2><table><tr><th>Model</th><th>Price</th></tr><tr><td>Small {item}</td><td>20 euro</td></tr></table></main>
                <footer>Questions? Call us.</footer></body></html>
                """);
        }

        File.WriteAllText(Path.Combine(_folder, "site", "about.html"), "<nav>Home</nav><article><h1>About us</h1><p>We make lamps by the river.</p></article>");
        string made = await Make("site.jsonl", "--from", Path.Combine(_folder, "site"));
        Assert.Contains(": 16 conversations, 32 turns", made, StringComparison.Ordinal);
        Assert.Contains("site.corpus.txt: 1 page without questions", made, StringComparison.Ordinal);
        string rows = File.ReadAllText(Path.Combine(_folder, "site.jsonl"));
        Assert.Contains("20 euro", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("menu", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("Call us", rows, StringComparison.Ordinal);
        Assert.Contains("We make lamps by the river.", File.ReadAllText(Path.Combine(_folder, "site.corpus.txt")), StringComparison.Ordinal);
        await Follow("site.jsonl");
    }

    private Task<string> Make(string file, params string[] arguments) =>
        CommandProcess.RunAsync("", s_limit, ["chat", "make", .. arguments, "--out", Path.Combine(_folder, file), "--license", "CC0-1.0"]);

    /// <summary>Checks, shows and tunes.</summary>
    /// <returns>What the model reads of the first row.</returns>
    private async Task<string> Follow(string file)
    {
        string rows = Path.Combine(_folder, file), tuned = Path.Combine(_folder, "tuned");
        Assert.Contains("verdict   usable", await CommandProcess.RunAsync("", s_limit, "chat", "check", rows, "--for", "local", "--model", tiny.Folder),
            StringComparison.Ordinal);
        string shown = await CommandProcess.RunAsync("", s_limit, "chat", "show", rows, "--model", tiny.Folder, "--rows", "1");
        Assert.Contains("conversations ask word for word what a training row asks", await CommandProcess.RunAsync("", s_limit, "train", "--chat", rows,
            "--test", rows, "--model", tiny.Folder, "--epochs", "1", "--learning-rate", "0.01", "--out", tuned), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(tuned, "adapter", "adapter_model.safetensors")));
        return shown;
    }

    /// <summary>A log of a system, customers and an agent, its rows in no order; some conversations have no answer.</summary>
    private static (int System, int Answered, int Dropped) WriteLog(string path, int rows)
    {
        Random random = new(5);
        List<string> lines = [];
        (int system, int answered, int dropped) = (0, 0, 0);
        DateTime time = new(2026, 1, 1, 8, 0, 0, DateTimeKind.Unspecified);
        void Say(string who, string message)
        {
            time = time.AddSeconds(7);
            system += who == "system" ? 1 : 0;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"t{answered + dropped},{time:s},{who},{message}"));
        }

        while (lines.Count + 4 <= rows)
        {
            string item = s_goods[random.Next(s_goods.Length)];
            Say("system", "Opened");
            Say("customer", "Good morning.");
            Say("customer", $"My {item} of order {random.Next(10_000)} is broken.");
            if (random.NextDouble() < 0.9)
            {
                Say("agent", $"I am sorry that your {item} is broken.");
                answered++;
            }
            else
            {
                dropped++;
            }
        }

        while (lines.Count < rows)
        {
            Say("system", "Closed"); // Of a conversation in which nobody speaks.
        }

        File.WriteAllLines(path, ["ticket,sent,who,message", .. lines.OrderBy(_ => random.Next())]);
        return (system, answered, dropped);
    }
}
