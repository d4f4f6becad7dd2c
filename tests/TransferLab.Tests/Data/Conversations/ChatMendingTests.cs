using TransferLab.Data;

namespace TransferLab.Tests.Data.Conversations;

public sealed class ChatMendingTests : IDisposable
{
    private readonly ChatText _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void What_has_one_meaning_is_mended_and_the_rest_left_out()
    {
        ChatReport report = _files.Check("""
            {"messages":[{"role":"Human","content":"q1","note":"x"},{"role":"gpt","content":"a1","weight":"0"},{"role":"user","content":7},{"role":"assistant","content":"a2"}],"id":1}
            {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":5}]}
            {"prompt":"p","completion":"c"},
            {"messages":[{"role":"user","content":"same"},{"role":"assistant","content":"Same."}]}
            {"messages":[{"role":"user","content":"same"},{"role":"assistant","content":"Same."}]}
            {"messages":[{"role":"user","content":"same"},{"role":"assistant","content":"SAME."}]}
            """);
        string path = Path.Combine(_files.Folder, "fixed.jsonl");
        ChatMending done = report.WriteMended(path);
        IReadOnlyList<Conversation> read = ConversationFile.Read(path);
        Assert.Equal(4, done.Written); // What differs in capitals alone is for a person to decide.
        Assert.Equal(["q1|a1|7|a2", "p|c", "same|Same.", "same|SAME."], read.Select(row => string.Join('|', row.Turns.Select(turn => turn.Content))));
        Assert.Equal(0, read[0].Turns[1].Weight);
        Assert.Equal([("bad-weight", 2), ("duplicate", 5)], done.LeftOut.Select(finding => (finding.Kind, finding.Line)));
        Assert.All(["unknown-key", "unknown-role", "bad-weight", "wrong-type", "not-json", "shape-not-taken"], kind =>
            Assert.Contains(done.Mended, finding => finding.Kind == kind));
        Assert.DoesNotContain(ChatCheck.Run(path, new()).Findings, finding => finding.IsFault && finding.Kind != "few-rows");
    }

    [Fact]
    public void Rows_that_are_too_long_are_left_out_whole()
    {
        string train = _files.Write("a.jsonl", $"{ChatText.Row("q", "short")}\n{ChatText.Row("q2", new string('x', 4000))}");
        string path = Path.Combine(_files.Folder, "fixed.jsonl");
        ChatMending done = ChatCheck.Run(train, new() { Host = ChatHost.Local, MaxTokens = 500 }).WriteMended(path);
        Assert.Equal("too-long", Assert.Single(done.LeftOut).Kind);
        Assert.Equal("short", Assert.Single(ConversationFile.Read(path)).Turns[1].Content);
    }

    [Fact]
    public void Rows_behind_the_end_of_a_broken_array_are_not_lost_in_silence()
    {
        string path = Path.Combine(_files.Folder, "fixed.jsonl");
        ChatReport report = _files.Check($"[{ChatText.Row("q", "a")},\n{{\"messages\": oops}},\n{ChatText.Row("q2", "b")}]", name: "train.json");
        Assert.Contains("cannot be read behind line 2", Assert.Throws<DataException>(() => report.WriteMended(path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Calls_of_older_files_get_the_ids_that_hosts_ask_for()
    {
        string path = Path.Combine(_files.Folder, "fixed.jsonl");
        _files.Check("""
            {"messages":[{"role":"user","content":"q"},
             {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
             {"role":"function","name":"f","content":"5"},
             {"role":"assistant","content":"a"}]}
            """).WriteMended(path);
        IReadOnlyList<Turn> turns = Assert.Single(ConversationFile.Read(path)).Turns;
        Assert.Equal(("call_1", "call_1"), (turns[1].ToolCalls[0].Id, turns[2].ToolCallId));
    }

    [Fact]
    public void Nothing_is_written_where_nothing_can_be_mended()
    {
        string path = Path.Combine(_files.Folder, "fixed.jsonl");
        Assert.Contains("no row that can be mended", Assert.Throws<DataException>(() => _files.Check("""{"messages":[]}""").WriteMended(path)).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_card_is_kept_beside_its_file()
    {
        string path = Path.Combine(_files.Folder, "faq.jsonl");
        Assert.Null(ChatCard.Read(path));
        new ChatCard("faq.csv", "CC0") { Conversations = 3, LeftOut = ["rows without an answer: 2"] }.Write(path);
        ChatCard read = ChatCard.Read(path)!;
        Assert.Equal(("faq.csv", "CC0", 3), (read.Source, read.License, read.Conversations));
        _files.Write("faq.card.json", "[1");
        Assert.Contains("mend or remove it", Assert.Throws<DataException>(() => ChatCard.Read(path)).Message, StringComparison.Ordinal);
    }
}
