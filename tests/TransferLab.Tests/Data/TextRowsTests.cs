namespace TransferLab.Tests.Data;

public sealed class TextRowsTests : IDisposable
{
    private readonly TestTexts texts = new();

    public void Dispose() => texts.Dispose();

    [Fact]
    public void Quoted_fields_hold_separators_line_breaks_and_quotes()
    {
        var all = texts.All("x.csv", "text,label\r\n\"a, b\",p\r\n\"line\r\nbreak\",q\r\n\"he said \"\"no\"\"\",\"p\"\r\n\" kept \",q");
        Assert.Equal(["a, b", "line\r\nbreak", "he said \"no\"", " kept "], all.Select(e => e.Source));
        Assert.Equal([0, 1, 0, 1], all.Select(e => e.Label));
        Assert.Equal("x.csv:4", all[3].Name);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Every_line_break_and_none_at_the_end_will_do(string line)
    {
        string csv = string.Join(line, "text,label", "one,a", "", "two,b", "", "three,a", "four,b");
        Assert.Equal(["x.csv:1 one", "x.csv:2 two", "x.csv:3 three", "x.csv:4 four"], texts.All("x.csv", csv).Select(e => $"{e.Name} {e.Source}"));
        Assert.Equal(4, texts.All("x.csv", csv + line + line).Length);
    }

    [Theory]
    [InlineData("sep=;")]
    [InlineData("\"sep=;\"")]
    public void A_spreadsheets_line_that_names_the_separator_is_none_of_the_rows(string hint) =>
        Assert.Equal(["one, or more", "two", "three", "four"],
            texts.All("x.csv", $"{hint}\r\ntext;label\r\none, or more;a\r\ntwo;b\r\nthree;a\r\nfour;b\r\n").Select(e => e.Source));

    [Theory]
    [InlineData(70_000)]
    [InlineData(300_000)]
    public void Texts_longer_than_a_buffer_are_whole(int length)
    {
        string text = string.Concat(Enumerable.Range(0, length / 2).Select(i => i % 7 == 0 ? "é😀"[..1] : "x,"));
        Assert.Equal(text, texts.All("x.csv", $"text,label\n\"{text}\",a\ntwo,b\nthree,a\nfour,b\n")[0].Source);
        Assert.Equal(text,
            texts.All("x.jsonl", $"{{\"text\":\"{text}\",\"label\":1}}\n{{\"text\":\"b\",\"label\":2}}\n{{\"text\":\"c\",\"label\":1}}\n")[0].Source);
    }

    [Fact]
    public void A_quote_inside_an_unquoted_field_is_plain_text()
    {
        Assert.Equal("5\" disk", texts.All("x.csv", "text,label\n5\" disk,a\ntwo,b\nthree,a\nfour,b\n")[0].Source);
        Assert.Equal("say \"hi\", you", texts.All("x.tsv", "text\tlabel\nsay \"hi\", you\ta\ntwo\tb\nthree\ta\nfour\tb\n")[0].Source);
    }

    [Theory]
    [InlineData("one,a\ntwo,b,c\n", "row 2 (line 3): 3 fields where the header has 2 (text, label); put a field with commas")]
    [InlineData("one,a\n\n\ntwo\n", "row 2 (line 5): 1 field where")]
    [InlineData("\"1\n2\",a\ntwo\n", "row 2 (line 4): 1 field where")]
    [InlineData("one,a\n\"two,b\nthree,a\n", "row 2 (line 3): a double quote opens a field and is never closed; put the whole field")]
    [InlineData("one,a\ntwo,\"", "row 2 (line 3): a double quote opens")]
    [InlineData("one,a\n\"two\"x,b\n", "row 2 (line 3): text follows the double quote that closes a field")]
    [InlineData("one,a\n\"two\" ,b\n", "row 2 (line 3): text follows")]
    [InlineData("5\" x,a\nt\"wo,\"b\nthree,a\n", "row 2 (line 3): a double quote stands inside")]
    public void A_malformed_row_is_named_with_what_was_found(string rows, string expected) =>
        Assert.Contains($"x.csv, {expected}", texts.Refusal("x.csv", "text,label\n" + rows));

    [Fact]
    public void A_malformed_header_is_named() =>
        Assert.Contains("x.csv, header: a double quote opens", texts.Refusal("x.csv", "\"text,label\na,b\n"));

    [Fact]
    public void Labels_of_json_are_strings_numbers_or_booleans()
    {
        string[] labels = ["\" a \"", "1", "-2.5", "true", "false", "\"true\""];
        string json = string.Concat(labels.SelectMany((label, i) => Enumerable.Range(0, 2).Select(k => $"{{\"text\": \"t{i}{k}\", \"label\": {label}}}\n")));
        var data = TransferLab.Data.TextData.Read(texts.Save("x.jsonl", json));
        Assert.Equal(["-2.5", "1", "a", "false", "true"], data.Classes);
    }

    [Fact]
    public void Json_escapes_are_resolved_and_empty_lines_do_not_count()
    {
        var all =
            texts.All("x.jsonl",
                "{\"text\":\"l\\nb \\u00e9 \\ud83d\\ude00\",\"label\":1,\"id\":{\"a\":[1]}}\r\n\r\n{\"text\":\"b\",\"label\":2}\n  "
                    + "\n{\"text\":\"c\",\"label\":1}");
        Assert.Equal(["x.jsonl:1 l\nb é 😀", "x.jsonl:2 b", "x.jsonl:3 c"], all.Select(e => $"{e.Name} {e.Source}"));
    }

    [Theory]
    [InlineData("{\"text\": \"x\", \"label\": }", "not valid JSON at byte 23 of the line, '{\"text\"")]
    [InlineData("{\"text\": \"x\"", "not valid JSON")]
    [InlineData("{} {}", "not valid JSON")]
    [InlineData("[1]", "an array where an object is expected")]
    [InlineData("\"x\"", "a string where an object is expected")]
    [InlineData("{\"text\": 5, \"label\": 1}", "'text' is a number; write it as a string")]
    [InlineData("{\"text\": \"x\", \"label\": [1]}", "'label' is an array; write it as")]
    [InlineData("{\"text\": \"x\", \"Label\": 1}", "no member 'label'; there are 'text', 'Label': name one (option LabelColumn)")]
    [InlineData("{\"body\": \"x\", \"label\": 1}", "no member 'text'; there are 'body', 'label': name one (option TextColumn)")]
    [InlineData("{\"text\": \"\\ud83d\", \"label\": 1}", "an escape \\u is half of a surrogate pair")]
    public void A_line_that_is_no_row_is_named_with_what_was_found(string line, string expected) =>
        Assert.Contains($"x.jsonl, row 2 (line 3): {expected}", texts.Refusal("x.jsonl", "{\"text\": \"x\", \"label\": 1}\n\n" + line + "\n"));
}
