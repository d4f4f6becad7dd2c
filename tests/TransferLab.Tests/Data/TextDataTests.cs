using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class TextDataTests : IDisposable
{
    private readonly TestTexts texts = new();

    public void Dispose() => texts.Dispose();

    [Fact]
    public void A_folder_with_train_and_test_is_taken_as_it_is()
    {
        texts.Save("train.csv", "text,label\n One ,b\ntwo, a \nthree,b\nfour,a\n");
        texts.Save("test.csv", "text,label\nfive,b\nsix,a\n");
        var data = TextData.Read(texts.Folder);
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Equal(
            [("train.csv:1", " One ", 1), ("train.csv:2", "two", 0), ("train.csv:3", "three", 1), ("train.csv:4", "four", 0)],
            data.Train.Select(e => (e.Name, e.Source, e.Label)));
        Assert.Equal([("test.csv:1", "five", 1), ("test.csv:2", "six", 0)], data.Test.Select(e => (e.Name, e.Source, e.Label)));
        Assert.All(data.Train, e => Assert.Equal(TextHash.Of(e.Source), e.Hash));
        Assert.Equal(Path.GetFileName(texts.Folder), data.Name);
        Assert.Matches("^[0-9a-f]{64}$", data.Hash);
        Assert.Empty(data.Warnings);
    }

    [Theory]
    [InlineData("train.TSV", "text\tlabel\nx, y\ta\nz\tb\n")]
    [InlineData("train.jsonl", "{\"text\": \"x, y\", \"label\": \"a\"}\n{\"label\": \"b\", \"text\": \"z\"}\n")]
    [InlineData("Train.ndjson", "{\"text\": \"x, y\", \"label\": \"a\"}\n{\"label\": \"b\", \"text\": \"z\"}\n")]
    [InlineData("train.csv", "id,label,text\n1,a,\"x, y\"\n2,b,z\n")]
    public void Train_and_test_may_be_of_different_kinds(string name, string text)
    {
        texts.Save(name, text);
        texts.Save("val.csv", "text,label\nv,a\nw,b\n");
        var data = TextData.Read(texts.Folder);
        Assert.Equal([("x, y", 0), ("z", 1)], data.Train.Select(e => (e.Source, e.Label)));
        Assert.Equal([$"{name}:1", $"{name}:2"], data.Train.Select(e => e.Name));
        Assert.Equal(["val.csv:1", "val.csv:2"], data.Test.Select(e => e.Name));
    }

    [Fact]
    public void Val_and_validation_serve_as_test_and_are_passed_over_beside_one()
    {
        texts.Save("train.csv", TestTexts.Small);
        texts.Save("validation.csv", "text,label\nv1,a\nv2,b\n");
        Assert.Equal("validation.csv:1", TextData.Read(texts.Folder).Test[0].Name);
        texts.Save("val.jsonl", "{\"text\": \"x\", \"label\": \"a\"}\n{\"text\": \"y\", \"label\": \"b\"}\n");
        Assert.Equal("val.jsonl:1", TextData.Read(texts.Folder).Test[0].Name);
        texts.Save("test.csv", "text,label\nt1,a\nt2,b\n");
        var data = TextData.Read(texts.Folder);
        Assert.Equal("test.csv:1", data.Test[0].Name);
        Assert.Contains("'val.jsonl', 'validation.csv' in ", Assert.Single(data.Warnings));
    }

    [Fact]
    public void A_test_file_elsewhere_can_be_given()
    {
        string train = texts.Save("mine/data.csv", TestTexts.Small);
        string exam = texts.Save("exam/data.csv", "text,label\nfive,a\nsix,b\n");
        var data = TextData.Read(train, new() { TestPath = exam });
        Assert.Equal("data", data.Name);
        Assert.Equal(4, data.Train.Count);
        Assert.Equal(["exam/data.csv:1", "exam/data.csv:2"], data.Test.Select(e => e.Name));
        Assert.Contains("does not exist", TestTexts.Refusal(train, new() { TestPath = exam + "x" }));
    }

    [Fact]
    public void A_file_is_split_by_a_fixed_seed_in_every_class()
    {
        string path = texts.Save("all.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"text {i},{(i % 3 == 0 ? "a" : "b")}\n")));
        var first = TextData.Read(path);
        Assert.Equal([2, 4], Enumerable.Range(0, 2).Select(label => first.Test.Count(e => e.Label == label)));
        Assert.Equal(24, first.Train.Count);
        var again = TextData.Read(path);
        Assert.Equal(first.Train, again.Train);
        Assert.Equal(first.Test, again.Test);
        Assert.Equal(first.Hash, again.Hash);
        Assert.NotEqual(first.Hash, TextData.Read(path, new() { SplitSeed = 1 }).Hash);
        Assert.Equal(15, TextData.Read(path, new() { TestShare = 0.5 }).Test.Count);
    }

    [Fact]
    public void A_split_puts_no_text_on_both_sides()
    {
        string rows = string.Concat(Enumerable.Range(0, 12).Select(i => $"Text  {i},{(i < 6 ? "a" : "b")}\n text {i} ,{(i < 6 ? "a" : "b")}\n"));
        string path = texts.Save("all.csv", "text,label\n" + rows);
        for (int seed = 0; seed < 5; seed++)
        {
            var data = TextData.Read(path, new() { SplitSeed = seed });
            Assert.NotEmpty(data.Test);
            Assert.Empty(data.Train.Select(e => e.Hash).Intersect(data.Test.Select(e => e.Hash)));
            Assert.DoesNotContain(data.Warnings, warning => warning.Contains("flatters"));
        }
    }

    [Fact]
    public void Names_sort_in_the_order_of_the_file()
    {
        var all = texts.All("all.csv", "text,label\n" + string.Concat(Enumerable.Range(1, 120).Select(i => $"{i},{i % 2}\n")));
        Assert.Equal(Enumerable.Range(1, 120).Select(i => i.ToString()), all.Select(e => e.Source));
        Assert.Equal("all.csv:001", all[0].Name);
        Assert.Equal("all.csv:120", all[^1].Name);
    }

    [Fact]
    public void Other_columns_can_be_named_and_a_missing_one_lists_those_there()
    {
        const string Csv = "Question, Kind\none,a\ntwo,b\nthree,a\nfour,b\n";
        Assert.Equal("one", texts.All("q.csv", Csv, new() { TextColumn = "Question", LabelColumn = "Kind" })[0].Source);
        string message = texts.Refusal("q.csv", Csv);
        Assert.Contains("q.csv has no column 'text'; its columns are 'Question', 'Kind': name one (option TextColumn).", message);
        Assert.Contains("no column 'label'; its columns are 'Question', 'Kind': name one (option LabelColumn)",
            texts.Refusal("q.csv", Csv, new() { TextColumn = "Question" }));
        Assert.Contains("name two columns", texts.Refusal("q.csv", Csv, new() { TextColumn = "Kind", LabelColumn = "Kind" }));
        Assert.Contains("not separated by commas", texts.Refusal("q.csv", Csv.Replace(',', ';')));
        Assert.Contains("more than one column 'text'", texts.Refusal("q.csv", "text,text,label\na,b,c\n"));
    }

    [Fact]
    public void Options_are_validated_where_they_are_made()
    {
        Assert.Throws<ArgumentException>(() => new TextDataOptions { TextColumn = " " });
        Assert.Throws<ArgumentException>(() => new TextDataOptions { LabelColumn = "" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextDataOptions { TestShare = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextDataOptions { TestShare = double.NaN });
    }

    [Fact]
    public void A_layout_that_cannot_be_used_is_told_what_is_expected()
    {
        Assert.Contains("does not exist; expected is a .csv", TestTexts.Refusal(Path.Combine(texts.Folder, "nowhere")));
        Assert.Contains("has no train.*", TestTexts.Refusal(texts.Folder));
        Assert.Contains("is not of a kind that is read", texts.Refusal("table.xlsx", "PK"));
        texts.Save("train.csv", TestTexts.Small);
        texts.Save("train.tsv", TestTexts.Small);
        Assert.Contains("'train.csv', 'train.tsv'; keep one", TestTexts.Refusal(texts.Folder));
    }

    [Fact]
    public void Progress_tells_the_rows_and_reading_can_be_stopped()
    {
        string path = texts.Save("all.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 2500).Select(i => $"{i},{i % 2}\n")));
        var seen = new Counts();
        TextData.Read(path, null, seen);
        Assert.Equal([1000, 2000, 2500], seen.Values);
        Assert.ThrowsAny<OperationCanceledException>(() => TextData.Read(path, cancellation: new CancellationToken(true)));
    }

    [SkippableTheory]
    [InlineData("banking77", 10003, 3080, 77)]
    [InlineData("sst2", 6920, 1821, 2)]
    [InlineData("trec", 5452, 500, 6)]
    [InlineData("sms_spam", 4000, 1171, 2)]
    [InlineData("nsmc", 4000, 1000, 2)]
    public void Public_texts_are_read(string name, int train, int test, int classes)
    {
        string? root = Environment.GetEnvironmentVariable(Catalog.RootVariable);
        string folder = Path.Combine(root ?? "", "text", name);
        Skip.If(root is null || !Directory.Exists(folder), $"{name} is not under {Catalog.RootVariable}");
        var data = TextData.Read(folder);
        Assert.Equal((train, test, classes), (data.Train.Count, data.Test.Count, data.Classes.Count));
    }

    private sealed class Counts : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
