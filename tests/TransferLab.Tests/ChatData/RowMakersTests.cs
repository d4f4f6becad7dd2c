using Microsoft.Data.Sqlite;
using TransferLab.ChatData;
using TransferLab.Data;
using TransferLab.Tests.Data.Conversations;

namespace TransferLab.Tests.ChatData;

public sealed class RowMakersTests : IDisposable
{
    private readonly ChatText _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("faq.csv", "id,question,answer\n1,Is it open?,\"Yes, it is.\"\n2,Why?,\n3,,Because.\n4,Is it open?,\"Yes, it is.\"\n")]
    [InlineData("faq.tsv", "id\tquestion\tanswer\n1\tIs it open?\tYes, it is.\n2\tWhy?\t\n3\t\tBecause.\n4\tIs it open?\tYes, it is.\n")]
    [InlineData("faq.jsonl",
        "{\"question\":\"Is it open?\",\"answer\":\"Yes, it is.\"}\n{\"question\":\"Why?\"}\n{\"question\":null,\"answer\":\"Because.\"}\n{\"question\":\"Is "
            + "it open?\",\"answer\":\"Yes, it is.\"}")]
    [InlineData("faq.json",
        "[{\"question\":\"Is it open?\",\"answer\":\"Yes, it is.\"},{\"question\":\"Why?\"},{\"question\":\"\",\"answer\":\"Because.\"},{\"question\":\"Is it "
            + "open?\",\"answer\":\"Yes, it is.\"}]")]
    public void Rows_without_a_question_or_an_answer_are_left_out_and_counted(string name, string text)
    {
        MadeChat made = new QuestionColumns("Q: {question}", "{answer}", "Be kind.").Make(SourceRows.Read(_files.Write(name, text)));
        Assert.Equal((4, 1), (made.Read, made.Conversations.Count));
        Assert.Equal([(Role.System, "Be kind."), (Role.User, "Q: Is it open?"), (Role.Assistant, "Yes, it is.")],
            made.Conversations[0].Turns.Select(turn => (turn.Role, turn.Content)));
        Assert.Equal([("rows without an answer", 1), ("rows without a question", 1), ("rows that repeat another", 1)],
            made.LeftOut.Select(left => (left.Reason, left.Count)));
    }

    [Fact]
    public void Members_of_members_are_columns_with_a_dot()
    {
        string path = _files.Write("a.jsonl", """{"faq":{"q":"Q?","tags":[1,2]},"a":5}""");
        Assert.Equal(["Q? [1,2]", "5"], new QuestionColumns("{faq.q} {faq.tags}", "{a}").Make(SourceRows.Read(path)).Conversations[0].Turns.Select(turn =>
            turn.Content));
    }

    [Fact]
    public void A_column_that_is_nowhere_is_refused_with_the_names_that_are_there()
    {
        string path = _files.Write("a.csv", "question,answer\na,b\n");
        string message = Assert.Throws<DataException>(() => new QuestionColumns("{questoin}", "{answer}").Make(SourceRows.Read(path))).Message;
        Assert.Contains("no column 'questoin'; there are 'question', 'answer'", message, StringComparison.Ordinal);
        Assert.Contains("names no column", Assert.Throws<ArgumentException>(() => new QuestionColumns("question", "{answer}")).Message,
            StringComparison.Ordinal);
        Assert.Contains("brace", Assert.Throws<ArgumentException>(() => new QuestionColumns("{question", "{answer}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_on_a_database_that_is_only_read_gives_rows()
    {
        string path =
            Database(
                "create table articles(title text, body text, price real); insert into articles values('Price?', null, 1.5), ('Is it red?', 'Yes.', 2); create "
                    + "table other(x)");
        MadeChat made = new QuestionColumns("{title} ({price})", "{body}").Make(SourceRows.Read(path, "select title, body, price from articles"));
        Assert.Equal(["Is it red? (2)", "Yes."], Assert.Single(made.Conversations).Turns.Select(turn => turn.Content));
        Assert.Contains("2 tables (articles, other)", Assert.Throws<DataException>(() => SourceRows.Read(path).ToArray()).Message, StringComparison.Ordinal);
        Assert.Contains("query fails", Assert.Throws<DataException>(() => SourceRows.Read(path, "selct 1").ToArray()).Message, StringComparison.Ordinal);
        Assert.Contains("readonly", Assert.Throws<DataException>(() => SourceRows.Read(path, "delete from articles").ToArray()).Message,
            StringComparison.Ordinal);
        Assert.Throws<DataException>(() => SourceRows.Read(_files.Write("no.db", "this is no database, whatever its name says")).ToArray());
        Assert.Contains("only .db", Assert.Throws<ArgumentException>(() => SourceRows.Read(_files.Write("a.csv", "a\n"), "select 1")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Any_database_gives_rows_through_its_connection()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        SourceRow row = Assert.Single(SourceRows.FromDatabase(connection, "select 'a' as q, 5 as n, null as z"));
        Assert.Equal([("q", "a"), ("n", "5"), ("z", "")], row.Values.Select(pair => (pair.Key, pair.Value)));
        Assert.Contains("give each its own name",
            Assert.Throws<DataException>(() => SourceRows.FromDatabase(connection, "select 1 as a, 2 as a").ToArray()).Message, StringComparison.Ordinal);
        Assert.Contains("holds bytes", Assert.Throws<DataException>(() => SourceRows.FromDatabase(connection, "select x'00' as a").ToArray()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_becomes_turns_in_the_order_of_time()
    {
        string path = _files.Write("log.csv", """
            ticket,author,sent,body
            1,support,2024-05-01 10:03:00,Restart it.
            1,anna,2024-05-01 10:00:00,Hello
            2,ben,2024-05-01 10:00:00,Anybody there?
            1,anna,2024-05-01 10:01:00,My router is dead
            1,System,2024-05-01 10:02:00,support has joined
            1,Support,2024-05-01 10:04:00,Does it work?
            1,ben,2024-05-01 10:05:00,It does
            1,support,2024-05-01 10:06:00,
            3,support,2024-05-01 10:00:00,Good morning
            3,ben,2024-05-01 10:01:00,Is it open?
            3,support,2024-05-01 10:02:00,Yes.
            """);
        MadeChat made = Log("sent").Make(SourceRows.Read(path));
        Assert.Equal(["Hello\nMy router is dead", "Restart it.\nDoes it work?"], made.Conversations[0].Turns.Select(turn => turn.Content));
        Assert.Equal(["Is it open?", "Yes."], made.Conversations[1].Turns.Select(turn => turn.Content));
        Assert.Equal(
            [("messages of systems", 1), ("messages without a text", 1), ("last questions without an answer", 1), ("conversations without an answer", 1),
                ("messages of the assistant before the first question", 1)],
            made.LeftOut.Select(left => (left.Reason, left.Count)));
    }

    [Fact]
    public void A_time_with_two_meanings_and_an_assistant_who_never_speaks_are_refused()
    {
        string path = _files.Write("log.csv", "ticket,author,sent,body\n1,anna,03/04/2024,Hello\n1,support,04/03/2024,Hi\n");
        Assert.Contains("line 2: the time '03/04/2024'", Assert.Throws<DataException>(() => Log("sent").Make(SourceRows.Read(path))).Message,
            StringComparison.Ordinal);
        Assert.Contains("'anna', 'support'", Assert.Throws<DataException>(() => (Log(null) with { Assistant = "helper" }).Make(SourceRows.Read(path))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_messages_of_three_speakers_pass_the_check()
    {
        Random random = new(1);
        string[] speakers = ["anna", "ben", "support"];
        IEnumerable<SourceRow> rows = Enumerable.Range(0, 10_000).Select(i => new SourceRow("log", $"line {i}", new Dictionary<string, string>
        {
            ["ticket"] = $"{i % 1500}",
            ["author"] = speakers[random.Next(3)],
            ["sent"] = $"{random.Next(1_000_000)}",
            ["body"] = $"word{random.Next(50)} word{random.Next(50)} word{random.Next(50)}",
        }));
        MadeChat made = Log("sent").Make(rows);
        int kept = made.Conversations.Sum(conversation => conversation.Turns.Sum(turn => turn.Content.Split('\n').Length));
        int dropped = made.LeftOut.Where(left => left.Reason.StartsWith("messages", StringComparison.Ordinal)).Sum(left => left.Count);
        Assert.InRange(kept + dropped, 7_000, 10_000); // The rest: questions at the end, and conversations without an answer.
        string path = Path.Combine(_files.Folder, "log.jsonl");
        made.Write(path, new("log.csv", ChatCard.Unknown));
        ChatReport report = ChatCheck.Run(path, new() { Host = ChatHost.Local });
        Assert.True(report.IsUsable, report.Findings.FirstOrDefault()?.ToString());
        Assert.Equal(made.Conversations.Count, report.Usable);
        Assert.Equal("unknown", ChatCard.Read(path)!.License);
    }

    [Fact]
    public void Nothing_is_written_where_nothing_came_out()
    {
        string path = Path.Combine(_files.Folder, "out.jsonl");
        MadeChat made = new QuestionColumns("{q}", "{a}").Make(SourceRows.Read(_files.Write("a.csv", "q,a\nx,\n")));
        Assert.Contains("rows without an answer: 1", Assert.Throws<DataException>(() => made.Write(path, new("a.csv", "CC0"))).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    private static LogColumns Log(string? time) => new() { Conversation = "ticket", Speaker = "author", Assistant = "support", Text = "body", Time = time };

    private string Database(string sql)
    {
        string path = Path.Combine(_files.Folder, "shop.db");
        using SqliteConnection connection = new($"Data Source={path};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return path;
    }
}
