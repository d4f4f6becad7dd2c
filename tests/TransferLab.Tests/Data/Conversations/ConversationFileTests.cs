using TransferLab.Data;

namespace TransferLab.Tests.Data.Conversations;

public sealed class ConversationFileTests : IDisposable
{
    private readonly ChatText _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("""{"messages":[{"role":"system","content":"s"},{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""")]
    [InlineData("""{"prompt":"q","completion":"a","system":"s"}""")]
    [InlineData("""{"prompt":[{"role":"system","content":"s"},{"role":"user","content":"q"}],"completion":[{"role":"assistant","content":"a"}]}""")]
    [InlineData("""{"instruction":"q","input":"","output":"a","system":"s"}""")]
    [InlineData("""{"conversations":[{"from":"system","value":"s"},{"from":"human","value":"q"},{"from":"gpt","value":"a"}],"id":"7"}""")]
    public void Every_shape_says_the_same(string row)
    {
        foreach ((string name, string text, int line) in new[] { ("a.jsonl", $"\n{row}\n", 2), ("b.ndjson", row, 1), ("c.json", $"[\n\n{row}]", 3) })
        {
            Conversation read = Assert.Single(ConversationFile.Read(_files.Write(name, text)));
            Assert.Equal([(Role.System, "s"), (Role.User, "q"), (Role.Assistant, "a")], read.Turns.Select(turn => (turn.Role, turn.Content)));
            Assert.Equal(line, read.Line);
            Assert.True(read.Turns[2].IsTrained);
        }
    }

    [Fact]
    public void Rows_of_several_shapes_stand_in_one_file() =>
        Assert.Equal(3, ConversationFile.Read(_files.Write("a.jsonl", """
            {"prompt":"q","completion":"a"}
            {"instruction":"q","input":"i","output":"a"}
            {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}
            """)).Count);

    [Fact]
    public void An_instruction_and_its_input_are_one_question() =>
        Assert.Equal("q\n\ni", ConversationFile.Read(_files.Write("a.jsonl", """{"instruction":"q","input":"i","output":"a"}"""))[0].Turns[0].Content);

    [Fact]
    public void A_call_that_ShareGPT_writes_as_a_turn_is_the_assistants()
    {
        Conversation read = Assert.Single(ConversationFile.Read(_files.Write("a.json", """
            [{"conversations":[{"from":"human","value":"2+3?"},
                {"from":"function_call","value":"{\"name\":\"add\",\"arguments\":{\"a\":2,\"b\":3}}"},
                {"from":"observation","value":"5"},{"from":"gpt","value":"5."}]}]
            """)));
        Assert.Equal([Role.User, Role.Assistant, Role.Tool, Role.Assistant], read.Turns.Select(turn => turn.Role));
        ToolCall call = Assert.Single(read.Turns[1].ToolCalls);
        Assert.Equal(("add", """{"a":2,"b":3}"""), (call.Name, call.Arguments));
    }

    [Fact]
    public void Weights_names_tools_and_calls_survive_writing()
    {
        Conversation[] before =
        [
            new([new(Role.User, "What is 2 + 3?\n\"quoted\" <|im_end|> 한국어 😀") { Name = "anna" },
                new(Role.Assistant, "") { ToolCalls = [new("add", """{"a":2,"b":3}""", "c1")] },
                new(Role.Tool, "5") { ToolCallId = "c1" }, new(Role.Assistant, "5?") { Weight = 0 }, new(Role.User, "Sure?"), new(Role.Assistant, "    5")])
            { Tools = "[\n {\"type\":\"function\"}]", ParallelToolCalls = false },
            new([new(Role.Developer, "d"), new(Role.User, "q"), new(Role.Assistant, "a")]),
        ];
        string path = Path.Combine(_files.Folder, "out.jsonl");
        ConversationFile.Write(path, before);
        IReadOnlyList<Conversation> after = ConversationFile.Read(path);
        Assert.Equal(2, after.Count);
        Assert.Equal(2, File.ReadAllLines(path).Length);
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(before[i].ParallelToolCalls, after[i].ParallelToolCalls);
            Assert.Equal(i + 1, after[i].Line);
            foreach ((Turn was, Turn now) in before[i].Turns.Zip(after[i].Turns))
            {
                Assert.Equal(was with { ToolCalls = [] }, now with { ToolCalls = [] });
                Assert.Equal(was.ToolCalls, now.ToolCalls);
            }
        }

        Assert.Equal("""[{"type":"function"}]""", after[0].Tools);
    }

    [Fact]
    public void A_fault_is_refused_with_line_path_reason_and_mend()
    {
        string path = _files.Write("a.jsonl", ChatText.Row("q", "a") + "\n"
            + """{"messages":[{"role":"human","content":"q"},{"role":"assistant","content":"a"}],"x":1}""");
        Assert.Equal(
            $"{path}, line 2, $.x: the key 'x' is unknown; known are messages, tools, functions, parallel_tool_calls; remove it. (1 more fault in the file.)",
            Assert.Throws<DataException>(() => ConversationFile.Read(path)).Message);
    }

    [Fact]
    public void Rows_of_a_comparison_of_answers_are_conversations_too()
    {
        string path = _files.Write("train.jsonl", ChatText.Row("q", "a").Replace("{\"messages\"", "{\"fact\":\"f\",\"answers\":[\"a\"],\"messages\"",
            StringComparison.Ordinal));
        Assert.Equal("a", ConversationFile.Read(path)[0].Turns[^1].Content);
    }

    [Fact]
    public void Deprecated_functions_are_read_as_tools()
    {
        Conversation read =
            ConversationFile.Read(
                _files.Write("a.jsonl",
                    """{"functions":[{"name":"f"}],"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"5"},{"role":"assistant","content":"a"}]}"""))[0];
        Assert.Equal("""[{"type":"function","function":{"name":"f"}}]""", read.Tools);
        Assert.Equal("f", read.Turns[1].ToolCalls[0].Name);
        Assert.Equal(Role.Tool, read.Turns[2].Role);
    }

    [Fact]
    public void What_is_only_a_prompt_is_not_trained()
    {
        Conversation read =
            ConversationFile.Read(_files.Write("a.jsonl",
                """{"prompt":[{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"user","content":"q2"}],"completion":"a2"}"""))[0];
        Assert.Equal([false, false, false, true], read.Turns.Select(turn => turn.IsTrained));
    }
}
