using System.Text;

namespace TransferLab.Tests.Data;

public sealed class TextEncodingTests : IDisposable
{
    private const string English = "text,label\none é,a\ntwo,b\nthree 😀,a\nfour,b\n";
    private const string Korean = "텍스트,라벨\n진저 보다가 암걸릴뻔했다,부정\n전편보다 액션을 좋아진건 당연한데,긍정\n재밌다 😀,부정\n좋다,긍정\n";
    private const string Russian = "текст,метка\nхороший фильм,да\nплохой фильм,нет\nочень хороший,да\nсовсем плохой,нет\n";

    private readonly TestTexts texts = new();

    public static TheoryData<string, string, bool> Encodings()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (string text in new[] { English, Korean, Russian })
        {
            foreach (string encoding in new[] { "utf-8", "utf-16", "utf-16BE" })
            {
                data.Add(text, encoding, true);
                data.Add(text, encoding, false);
            }
        }

        return data;
    }

    public void Dispose() => texts.Dispose();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Utf8_and_utf16_are_read_with_and_without_byte_order_mark(string text, string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        string[] lines = text.Split('\n');
        string[] columns = lines[0].Split(',');
        string path = texts.Save("x.csv", [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)]);
        var all = TestTexts.All(path, new() { TextColumn = columns[0], LabelColumn = columns[1] });
        Assert.Equal(lines[1..^1].Select(line => line.Split(',')[0]), all.Select(e => e.Source));
    }

    [Fact]
    public void A_long_chinese_file_in_utf16_without_mark_is_recognised()
    {
        string rows =
            string.Concat(
                Enumerable.Range(0, 50).Select(i => $"{new string((char)(0x4E00 + i), 200)}，{(i % 2 == 0 ? "好" : "坏")},{(i % 2 == 0 ? "好" : "坏")}\n"));
        var all = TestTexts.All(texts.Save("x.csv", Encoding.BigEndianUnicode.GetBytes("文,类\n" + rows)), new() { TextColumn = "文", LabelColumn = "类" });
        Assert.Equal(50, all.Length);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public void Characters_across_buffers_are_whole(string name)
    {
        string text = string.Concat(Enumerable.Repeat("é한😀", 40_000));
        for (int shift = 0; shift < 4; shift++)
        {
            string shifted = new string('x', shift) + text;
            string path = texts.Save("x.csv", Encoding.GetEncoding(name).GetBytes($"text,label\n{shifted},a\ntwo,b\nthree,a\n"));
            Assert.Equal(shifted, TestTexts.All(path)[0].Source);
        }
    }

    [Fact]
    public void Latin1_is_refused_with_row_byte_and_offset()
    {
        byte[] bytes = Encoding.Latin1.GetBytes("text,label\none,a\ncafé,b\ntrès,a\n");
        string expected = "row 2 (line 3): the byte 0xE9 at offset 20 is not valid UTF-8; save the file as UTF-8";
        Assert.Contains("x.csv, " + expected, TestTexts.Refusal(texts.Save("x.csv", bytes)));
        Assert.Equal(0xE9, bytes[20]);

        bytes = Encoding.Latin1.GetBytes("{\"text\":\"one\",\"label\":1}\n{\"text\":\"é\",\"label\":2}\n");
        Assert.Contains("x.jsonl, row 2 (line 2): the byte 0xE9 at offset 34 is", TestTexts.Refusal(texts.Save("x.jsonl", bytes)));
        Assert.Contains("x.csv, header: the byte 0xE9 at offset 0", TestTexts.Refusal(texts.Save("x.csv", Encoding.Latin1.GetBytes("état,text,label\n"))));
    }

    [Theory]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void Utf32_is_refused_by_its_name(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        Assert.Contains("x.csv: is UTF-32, which is not read; save the file as UTF-8",
            TestTexts.Refusal(texts.Save("x.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(English)])));
    }

    [Fact]
    public void The_row_is_right_far_into_a_file_and_in_columns_that_are_not_used()
    {
        byte[] head = Encoding.UTF8.GetBytes("text,label,note\n" + string.Concat(Enumerable.Range(1, 40_000).Select(i => $"text é {i},{i % 2},-\n")));
        string path = texts.Save("x.csv", [.. head, .. "last,1,"u8, 0xFF, 0x0A]);
        Assert.Contains($"row 40001 (line 40002): the byte 0xFF at offset {head.Length + 7} is", TestTexts.Refusal(path));
    }

    [Fact]
    public void A_character_that_is_cut_off_at_the_end_is_refused()
    {
        byte[] small = Encoding.UTF8.GetBytes(TestTexts.Small);
        Assert.Contains($"row 5 (line 6): the byte 0xED at offset {small.Length + 2}",
            TestTexts.Refusal(texts.Save("x.csv", [.. small, .. "x,"u8, 0xED, 0x95])));
        byte[] wide = Encoding.Unicode.GetBytes(TestTexts.Small + "x,y");
        Assert.Contains($"row 5 (line 6): the byte 0x79 at offset {wide.Length}", TestTexts.Refusal(texts.Save("x.csv", [.. wide, 0x79])));
        Assert.Contains("is not valid UTF-16", TestTexts.Refusal(texts.Save("x.csv", [.. wide, 0x3D, 0xD8])));
    }

    [Fact]
    public void A_noncharacter_that_is_in_the_file_is_text() =>
        Assert.Equal("\uFFFF", texts.All("x.csv", TestTexts.Small + "\uFFFF,a\n")[4].Source);
}
