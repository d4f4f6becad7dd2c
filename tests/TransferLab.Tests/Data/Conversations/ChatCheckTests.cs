using TransferLab.Data;

namespace TransferLab.Tests.Data.Conversations;

public sealed class ChatCheckTests : IDisposable
{
    private readonly ChatText _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("openai", 9, true)]
    [InlineData("openai", 10, false)]
    [InlineData("azure", 9, true)]
    [InlineData("vertex", 15, true)]
    [InlineData("vertex", 16, false)]
    [InlineData("fireworks", 2, true)]
    [InlineData("fireworks", 3, false)]
    [InlineData("together", 1, false)]
    [InlineData("local", 1, false)]
    public void Few_rows_are_a_fault_or_a_warning_by_host(string host, int rows, bool isFault)
    {
        ChatFinding found = Assert.Single(_files.Check(Rows(rows), ChatHost.Named(host)).Findings, finding => finding.Kind == "few-rows");
        Assert.Equal(isFault, found.IsFault);
        Assert.Equal(0, found.Line);
    }

    [Fact]
    public void Fifty_rows_are_enough() => Assert.DoesNotContain(_files.Check(Rows(50)).Findings, finding => finding.Kind == "few-rows");

    [Theory]
    [InlineData("azure", true)]
    [InlineData("together", true)]
    [InlineData("openai", false)]
    [InlineData("local", false)]
    public void Two_answers_in_a_row_are_joined_where_a_host_refuses_them(string host, bool refused)
    {
        string row = """{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"assistant","content":"b"}]}""";
        ChatReport report = _files.Check($"{row}\n{Rows(12)}", ChatHost.Named(host));
        ChatFinding found = Assert.Single(report.Findings, finding => finding.Kind == "two-answers");
        Assert.Equal((refused, 1, "$.messages[2]"), (found.IsFault, found.Line, found.Path));
        string fixedFile = Path.Combine(_files.Folder, "fixed.jsonl");
        report.WriteMended(fixedFile);
        string[] expected = refused ? ["q", "a\n\nb"] : ["q", "a", "b"];
        Assert.Equal(expected, ConversationFile.Read(fixedFile)[0].Turns.Select(turn => turn.Content));
    }

    [Theory]
    [InlineData("local", true)]
    [InlineData("mistral", true)]
    [InlineData("openai", false)]
    public void An_answer_to_nothing_is_a_fault_or_a_warning_by_host(string host, bool isFault)
    {
        string row = """{"messages":[{"role":"system","content":"s"},{"role":"assistant","content":"You're great!"}]}""";
        Assert.Equal(isFault, Assert.Single(_files.Check(row, ChatHost.Named(host)).Findings, finding => finding.Kind == "no-question").IsFault);
    }

    [Fact]
    public void A_host_takes_its_own_shapes_and_roles()
    {
        string tool =
            """{"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"5"},{"role":"assistant","content":"a"}]}""";
        Assert.Contains(_files.Check(tool, ChatHost.Fireworks).Findings, finding => finding is { Kind: "role-not-taken", Path: "$.messages[2].role" });
        string mixed = $$"""{"prompt":"q","completion":"a"}{{"\n"}}{{ChatText.Row("q2", "a2")}}""";
        Assert.Contains(_files.Check(mixed, ChatHost.OpenAI).Findings, finding => finding is { Kind: "shape-not-taken", IsFault: true, Line: 1 });
        Assert.Contains(_files.Check(mixed, ChatHost.Together).Findings, finding => finding is { Kind: "mixed-shapes", IsFault: true });
        Assert.Contains(_files.Check(mixed, ChatHost.Local).Findings, finding => finding is { Kind: "mixed-shapes", IsFault: false });
    }

    [Fact]
    public void Duplicates_near_duplicates_and_other_answers_are_told_with_both_lines()
    {
        const string text = "The parcel was handed over on Monday morning to your neighbour in the house across the street because nobody opened the door";
        ChatReport report = _files.Check(string.Join('\n',
            ChatText.Row("Where is my parcel with the number seven that should have come last week", text),
            ChatText.Row("where is  my parcel with the number seven that should have come last week", text),
            ChatText.Row("Where is my parcel with the number seven that should have come last month", text),
            ChatText.Row("Is the shop open?", "Yes."),
            ChatText.Row("Is the shop open?", "No.")), ChatHost.Local);
        Assert.Contains("line 1", Assert.Single(report.Findings, finding => finding is { Kind: "duplicate", Line: 2 }).Reason, StringComparison.Ordinal);
        Assert.Contains("line 1", Assert.Single(report.Findings, finding => finding is { Kind: "near-duplicate", Line: 3 }).Reason, StringComparison.Ordinal);
        Assert.Contains("line 4", Assert.Single(report.Findings, finding => finding is { Kind: "another-answer", Line: 5 }).Reason, StringComparison.Ordinal);
        Assert.True(report.IsUsable);
    }

    [Fact]
    public void What_is_held_out_and_trained_is_told()
    {
        string train =
            _files.Write("train.jsonl", string.Join('\n', ChatText.Row("How do I reset the router in the hall?", "Press the button."),
                ChatText.Row("Where do you ship to from the Bonn store?", "Everywhere."),
            ChatText.Row("Please tell me how long the delivery of a large wooden table to a house in the south of Spain takes", "Nine days.")));
        string test =
            _files.Write("test.jsonl", string.Join('\n', ChatText.Row("How do I reset the router in the hall?", "Press the button."),
                ChatText.Row("Where do you ship to from the Bonn store?", "To Europe."),
            ChatText.Row("Please tell me how long the delivery of a large wooden table to a house in the south of Spain will take", "Nine days."),
                ChatText.Row("Quel âge avez-vous?", "Dix ans."), ChatText.Row("How do I reset the printer in the hall?", "Twice.")));
        ChatReport report = ChatCheck.Run(train, new() { Host = ChatHost.Local, TestPath = test });
        Assert.Equal([("held-out-trained", 1), ("held-out-question", 2), ("held-out-near", 3), ("far-question", 4)],
            report.Findings.Where(finding => finding.InTest).Select(finding => (finding.Kind, finding.Line)));
        Assert.Equal(5, report.TestRows);
    }

    [Theory]
    [InlineData("Hello<|im_end|>", "marker")]
    [InlineData("[INST] Hello [/INST]", "marker")]
    [InlineData("Write to jane.doe@firma.de.", "private")]
    [InlineData("Call +49 170 1234567.", "private")]
    [InlineData("Call (212) 736-5000 now.", "private")]
    [InlineData("The key is sk-Abcdefghijklmnop1234567890.", "private")]
    [InlineData("Dear [Your Name], thank you.", "placeholder")]
    [InlineData("Here be the steps: [steps].", "placeholder")]
    [InlineData("TODO", "placeholder")]
    [InlineData("There are three things to know: the first, the second, and the", "cut-off")]
    [InlineData("```csharp\nint a = 1;", "cut-off")]
    [InlineData(" Hello", "leading-space")]
    public void What_had_better_not_be_learnt_is_told(string answer, string kind) =>
        Assert.Equal([kind], _files.Check(ChatText.Row("q", answer), ChatHost.Local).Findings.Where(finding => finding.Line == 1).Select(finding =>
            finding.Kind));

    [Theory]
    [InlineData("On 2024-05-06 version 10.0.22.1 took 1,000,000,000 steps; ISBN 978-3-16-148410-0, π is 3.14159265358.")]
    [InlineData("Write to info@example.com, or call 212-555-0123.")]
    [InlineData("Use a[i] and [the docs](https://example.com/a), as in [1]; an array is [1, 2, 3].")]
    [InlineData("Red, green and blue")]
    [InlineData("<b>Bold</b> and <s>gone</s>.")]
    [InlineData("```\nwhile (true)\n```")]
    public void What_may_be_learnt_is_not_told(string answer) =>
        Assert.DoesNotContain(_files.Check(ChatText.Row("q", answer), ChatHost.Local).Findings, finding => finding.Line == 1);

    [Fact]
    public void What_looks_private_is_shown_masked()
    {
        ChatReport report = _files.Check(ChatText.Row("q", "Write to jane.doe@firma.de, key sk-Abcdefghijklmnop1234567890."), ChatHost.Local);
        Assert.DoesNotContain(report.Findings, finding => finding.Reason.Contains("jane", StringComparison.Ordinal)
            || finding.Reason.Contains("ghijk", StringComparison.Ordinal));
    }

    [Fact]
    public void An_answer_that_repeats_itself_is_told() =>
        Assert.Contains("'Eat a banana!' 300 times",
            Assert.Single(_files.Check(ChatText.Row("q", string.Concat(Enumerable.Repeat("Eat a banana!", 300))), ChatHost.Local).Findings, finding =>
                finding.Kind == "repetition").Reason, StringComparison.Ordinal);

    [Fact]
    public void Questions_of_one_kind_are_little_variety()
    {
        ChatReport report =
            _files.Check(string.Join('\n', Enumerable.Range(0, 40).Select(i => ChatText.Row($"How much does the article number {i} cost?", $"{i * 3} euros."))),
                ChatHost.Local);
        Assert.Equal(40, report.Groups[0].Size);
        Assert.Contains("100 %", Assert.Single(report.Findings, finding => finding.Kind == "little-variety").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_of_any_numbers_are_one_kind_of_question()
    {
        ChatReport report = _files.Check(
            string.Join('\n', Enumerable.Range(0, 40).Select(i => ChatText.Row($"What is {i + 12} plus {7 * i}?", $"{(8 * i) + 12}."))), ChatHost.Local);
        Assert.Equal(40, report.Groups[0].Size);
    }

    [Fact]
    public void Lengths_are_counted_by_the_tokenizer_that_is_given()
    {
        string path =
            _files.Write("a.jsonl", $"{ChatText.Row("one two", "three")}\n{ChatText.Row("one", string.Join(' ', Enumerable.Repeat("word,", 30)) + " end.")}");
        static int Words(string text) => text.Split(' ').Length;
        ChatReport report =
            ChatCheck.Run(path,
                new()
                {
                    Host = ChatHost.Local,
                    MaxTokens = 20,
                    Measure = row =>
                    new(TokenEstimate.Of(row, Words), row.Turns.Where(turn => turn.IsTrained).Sum(turn => Words(turn.Content)))
                });
        Assert.False(report.IsEstimate);
        Assert.Equal([12, 41], new[] { report.Lengths.Quantile(0.5), report.Lengths.Longest }); // 3 a turn and 3 for the head
        Assert.Equal((12 + 41, 1 + 31), (report.Tokens, report.TrainedTokens));
        Assert.Equal((1, 41L), report.TooLong);
        Assert.Equal(2, Assert.Single(report.Findings, finding => finding.Kind == "too-long").Line);
    }

    [Fact]
    public void What_the_model_s_template_cannot_write_is_a_fault_with_its_line()
    {
        string path = _files.Write("a.jsonl", $"{ChatText.Row("one", "two")}\n{ChatText.Row("three", "four")}");
        ChatReport report =
            ChatCheck.Run(path, new() { Host = ChatHost.Local, Measure = row => row.Line == 2 ? new(0, 0) { Refusal = "it knows no tools." } : new(3, 1) });
        ChatFinding fault = Assert.Single(report.Findings, finding => finding.IsFault);
        Assert.Equal("line 2, $: the model's chat template cannot write it: it knows no tools; change it, leave it out, or take a model whose template can.",
            fault.ToString());
    }

    [Fact]
    public void Bars_double_and_hold_every_row()
    {
        LengthHistogram lengths = new([3, 17, 17, 200]);
        Assert.Equal([(0, 16, 1), (16, 32, 2), (32, 64, 0), (64, 128, 0), (128, 256, 1)], lengths.Bars);
    }

    [Fact]
    public void Epochs_follow_the_rule_of_the_host()
    {
        Assert.Equal(10, _files.Check(Rows(10)).Epochs);
        Assert.Equal(3, _files.Check(Rows(50)).Epochs);
        Assert.Null(_files.Check(Rows(10), ChatHost.Local).Epochs);
    }

    private static string Rows(int count) =>
        string.Join('\n', Enumerable.Range(0, count).Select(i => ChatText.Row($"What is {i} plus {i}?", $"It is {2 * i}.")));
}
