using System.Text;
using TransferLab.Data;

namespace TransferLab.Tests.Data.Conversations;

/// <summary>Broken files, each with the line, the path, the kind of fault and the mend that it gets. Every file has one sound row first.</summary>
public sealed class BrokenFileTests : IDisposable
{
    private const string Sound = """{"messages":[{"role":"user","content":"Is it open?"},{"role":"assistant","content":"Yes."}]}""";
    private readonly ChatText _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}""", "$", "not-json", "write one whole JSON object a line")]
    [InlineData("""{'messages': []}""", "$", "not-json", "double quotes")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":NaN}]}""", "$", "not-json", "JSON object")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]},""", "$", "not-json", "remove it")]
    [InlineData("""["a", "b"]""", "$", "wrong-type", "one object a row")]
    [InlineData("""{"text":"Once upon a time"}""", "$", "unknown-shape", "write messages")]
    [InlineData("""{"messages":"hello"}""", "$.messages", "wrong-type", "an array of objects")]
    [InlineData("""{"messages":[]}""", "$.messages", "no-messages", "write a question and its answer")]
    [InlineData("""{"messages":["a"]}""", "$.messages[0]", "wrong-type", "role and content")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"id":7}""", "$.id", "unknown-key", "remove it")]
    [InlineData("""{"messages":[{"role":"user","content":"a","mood":"sad"},{"role":"assistant","content":"b"}]}""", "$.messages[0].mood", "unknown-key",
        "remove it")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","contnet":"b"}]}""", "$.messages[1].contnet", "unknown-key",
        "correct its spelling")]
    [InlineData("""{"messages":[{"role":"user","role":"assistant","content":"a"}]}""", "$.messages[0].role", "key-twice", "leave one")]
    [InlineData("""{"messages":[{"role":"usr","content":"a"},{"role":"assistant","content":"b"}]}""", "$.messages[0].role", "unknown-role",
        "write system, developer, user, assistant or tool")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"bot","content":"b"}]}""", "$.messages[1].role", "unknown-role", "write assistant")]
    [InlineData("""{"messages":[{"content":"a"},{"role":"assistant","content":"b"}]}""", "$.messages[0].role", "no-role", "add one of")]
    [InlineData("""{"messages":[{"role":"user","content":42},{"role":"assistant","content":"b"}]}""", "$.messages[0].content", "wrong-type", "write \"42\"")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":"b"}]}""", "$.messages[0].content",
        "content-parts", "write one string")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"x"}]},{"role":"assistant","content":"b"}]}""",
        "$.messages[0].content[0]", "not-text", "describe it in words")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":""}]}""", "$.messages[1].content", "empty-answer",
        "write the answer, or remove the row")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null}]}""", "$.messages[1].content", "empty-answer",
        "write the text, or remove the row")]
    [InlineData("""{"messages":[{"role":"user","content":" "},{"role":"assistant","content":"b"}]}""", "$.messages[0].content", "empty-question",
        "write the question")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", "$", "no-answer", "write the answer, or remove the row")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"system","content":"Be kind."},{"role":"assistant","content":"b"}]}""", "$.messages[1]",
        "system-not-first", "move it to the front")]
    [InlineData(
        """{"messages":[{"role":"system","content":"Be kind."},{"role":"system","content":"Be short."},{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}""", "$.messages[1]", "system-not-first", "join it to the first")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":2}]}""", "$.messages[1].weight", "bad-weight",
        "write 0 (only read) or 1 (trained)")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":true}]}""", "$.messages[1].weight", "bad-weight",
        "write 1, a number")]
    [InlineData("""{"messages":[{"role":"user","content":"a","weight":1},{"role":"assistant","content":"b"}]}""", "$.messages[0].weight",
        "weight-not-on-answer", "remove it")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0}]}""", "$", "nothing-trained",
        "give one answer weight 1")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"tool","content":"5"},{"role":"assistant","content":"b"}]}""", "$.messages[1]",
        "answer-without-call", "tool_calls")]
    [InlineData(
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c2","content":"5"},{"role":"assistant","content":"b"}]}""", "$.messages[2].tool_call_id", "answer-without-call", "write one of c1")]
    [InlineData(
        """{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{"}}]}]}""", "$.messages[1].tool_calls[0].function.arguments", "bad-arguments", "names and values")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud800"},{"role":"assistant","content":"b"}]}""", "$.messages[0].content", "half-surrogate",
        "write both halves")]
    [InlineData("""{"prompt":"a"}""", "$.completion", "empty-answer", "write the answer")]
    [InlineData("""{"instruction":"a","input":"","output":""}""", "$.output", "empty-answer", "write the answer")]
    [InlineData("""{"conversations":[{"from":"human","value":"a"},{"from":"function_call","value":"[]"}]}""", "$.conversations[1].value", "bad-call", "name")]
    [InlineData("""{"conversations":[{"from":"human","value":"a"},{"from":"function_call","value":"f("}]}""", "$.conversations[1].value", "bad-call", "name")]
    [InlineData("""{"conversations":[{"from":"martian","value":"a"},{"from":"gpt","value":"b"}]}""", "$.conversations[0].from", "unknown-role", "write system")]
    public void A_broken_row_is_told_by_line_path_reason_and_mend(string row, string path, string kind, string mend)
    {
        ChatReport report = _files.Check($"{Sound}\n\n{row}\n", ChatHost.OpenAI);
        ChatFinding found = Assert.Single(report.Findings, finding => finding.Kind == kind && finding.Path == path);
        Assert.True(found.IsFault);
        Assert.Equal(3, found.Line);
        Assert.Contains(mend, found.Mend, StringComparison.Ordinal);
        Assert.NotEmpty(found.Reason);
        Assert.DoesNotContain('\n', found.ToString());
        Assert.False(report.IsUsable);
        Assert.Equal(1, report.Usable);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_told_with_their_offset()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(Sound + "\n"),
            .. Encoding.Latin1.GetBytes("""{"messages":[{"role":"user","content":"café"},{"role":"assistant","content":"b"}]}""")];
        ChatReport report = ChatCheck.Run(_files.Write("latin.jsonl", text), new());
        ChatFinding found = Assert.Single(report.Findings, finding => finding.Kind == "not-utf8");
        Assert.Equal(2, found.Line);
        Assert.Contains($"0xE9 at offset {Array.IndexOf(text, (byte)0xE9)}", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_in_a_jsonl_file_keeps_the_lines_of_its_rows()
    {
        ChatReport report = _files.Check($"[\n{Sound},\n{{\"messages\": []}}\n]");
        Assert.Contains(report.Findings, finding => finding is { Kind: "array-in-lines", IsFault: true });
        Assert.Equal(3, Assert.Single(report.Findings, finding => finding.Kind == "no-messages").Line);
        Assert.Equal(2, report.Rows);
    }

    [Fact]
    public void An_array_that_breaks_off_is_told_where()
    {
        ChatReport report = _files.Check($"[\n{Sound},\n{{\"messages\": ", name: "train.json");
        ChatFinding found = Assert.Single(report.Findings, finding => finding.Kind == "cut-array");
        Assert.Equal(3, found.Line);
        Assert.Equal(1, report.Rows);
    }

    [Fact]
    public void Rows_of_an_array_are_told_apart_also_on_one_line()
    {
        ChatReport report = _files.Check($$"""[{{Sound}}, {"messages":[]}, {{Sound}}]""", name: "train.json");
        Assert.Equal("$[1].messages", Assert.Single(report.Findings, finding => finding.Kind == "no-messages").Path);
        ChatFinding twice = Assert.Single(report.Findings, finding => finding.Kind == "duplicate");
        Assert.Equal(("$[2]", "says the same as $[0] (line 1)"), (twice.Path, twice.Reason));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{ \"messages\": [")]
    public void A_line_that_is_never_closed_hides_no_row_behind_it(string broken)
    {
        ChatReport report = _files.Check($"{Sound}\n{broken}\n{Sound.Replace("Yes", "No", StringComparison.Ordinal)}\n{{\"messages\":[]}}");
        Assert.Equal(4, report.Rows);
        Assert.Equal([2, 4], report.Findings.Where(finding => finding is { IsFault: true, Line: > 0 }).Select(finding => finding.Line).Order());
    }

    [Fact]
    public void Many_lines_that_are_never_closed_take_no_time_each_for_all_behind_them()
    {
        const int lines = 20_000;
        ChatReport report = _files.Check(string.Concat(Enumerable.Repeat("{\"messages\":[\n", lines)) + Sound);
        Assert.Equal((lines + 1, 1), (report.Rows, report.Usable));
    }

    [Fact]
    public void Text_that_has_no_Unicode_form_is_read_like_any_other()
    {
        string cut = new string('x', 19_999) + "\U0001F600 hello";
        Assert.True(_files.Check($"{ChatText.Row("a \uFFFE b", "c")}\n{ChatText.Row(cut, "d")}", ChatHost.Local).IsUsable);
    }

    [Theory]
    [InlineData(""" "tools":[1]""", "$.tools[0]", "wrong-type")]
    [InlineData(""" "tools":[],"functions":[{"name":"f"}]""", "$.functions", "wrong-type")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","description":"\ud83d"}}]""", "$.tools[0]", "half-surrogate")]
    public void Tools_are_looked_at_one_by_one(string tools, string path, string kind) =>
        Assert.Contains(_files.Check($"{Sound[..^1]},{tools}}}").Findings, finding => finding.IsFault && finding.Path == path && finding.Kind == kind);

    [Fact]
    public void An_object_over_many_lines_is_one_row()
    {
        ChatReport report =
            _files.Check("{\n \"messages\": [\n  {\"role\": \"user\", \"content\": \"a } b\"},\n  {\"role\": \"assistant\", \"content\": \"c\"}\n ]\n}\n"
                + Sound);
        Assert.Equal(2, report.Rows);
        Assert.Contains("6 lines", Assert.Single(report.Findings, finding => finding.Kind == "object-over-lines").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_has_no_rows() => Assert.Contains(_files.Check(" \n\n").Findings, finding => finding is { Kind: "no-rows", IsFault: true });

    [Fact]
    public void A_file_that_is_missing_or_of_another_kind_is_refused_in_one_line()
    {
        Assert.Contains("does not exist", Assert.Throws<DataException>(() => ChatCheck.Run("nothing.jsonl", new())).Message, StringComparison.Ordinal);
        Assert.Contains("not of a kind", Assert.Throws<DataException>(() => ChatCheck.Run(_files.Write("a.txt", "x"), new())).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<DataException>(() => ChatCheck.Run(_files.Folder, new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_makes_it_crash()
    {
        string[] seeds = [Sound, """{"prompt":"a","completion":[{"role":"assistant","content":"b","weight":0.5}]}""",
            """{"messages":[{"role":"user","content":"😀"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","content":"5"}],"tools":[{}]}""", "[[[[{\"a\":[1e999]}]]]]", """[{"instruction":"a","output":"b"}]"""];
        Random random = new(1);
        for (int i = 0; i < 600; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(seeds[i % seeds.Length] + "\n" + seeds[random.Next(seeds.Length)]);
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                int at = random.Next(bytes.Length);
                bytes = random.Next(3) switch
                {
                    0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                    1 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 9))..]],
                    _ => [.. bytes[..at], (byte)"{}[]\",:\\\n0"[random.Next(10)], .. bytes[Math.Min(bytes.Length, at + 1)..]],
                };
                if (bytes.Length == 0)
                {
                    break;
                }
            }

            string path = _files.Write(i % 2 == 0 ? "fuzz.jsonl" : "fuzz.json", bytes);
            try
            {
                ChatReport report = ChatCheck.Run(path, new() { Host = ChatHost.All[i % ChatHost.All.Count] });
                Assert.All(report.Findings, finding => Assert.DoesNotContain('\n', finding.ToString()));
            }
            catch (DataException)
            {
                // What cannot be opened at all, as UTF-32.
            }
        }
    }
}
