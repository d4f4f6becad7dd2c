using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class TextChecksTests : IDisposable
{
    private readonly TestTexts texts = new();

    public void Dispose() => texts.Dispose();

    [Fact]
    public void Rows_without_text_or_label_are_left_out_and_named()
    {
        var warnings = Read("one,a\n,a\n  ,b\ntwo,b\nx,\ny, \n\"\n\",a\n", "three,a\nfour,b\n,\n").Warnings;
        Assert.Equal(
            ["4 rows have no text and are left out: train.csv:2, train.csv:3, train.csv:7, test.csv:3.",
                "2 rows have no label and are left out: train.csv:5, train.csv:6."],
            warnings.Take(2));
        Assert.Equal(["train.csv:1", "train.csv:4"], Read("one,a\n,a\n  ,b\ntwo,b\n", "three,a\nfour,b\n").Train.Select(e => e.Name));

        string json =
            "{\"text\":null,\"label\":1}\n{\"text\":\"x\",\"label\":null}\n{\"text\":\"y\",\"label\":1}\n{\"text\":\"z\",\"label\":1}\n{\"text\":\"w\",\"label\":2}\n";
        warnings = TextData.Read(texts.Save("x.jsonl", json)).Warnings;
        Assert.Contains("1 row has no text and is left out: x.jsonl:1.", warnings);
        Assert.Contains("1 row has no label and is left out: x.jsonl:2.", warnings);
    }

    [Fact]
    public void A_class_with_one_row_is_named()
    {
        Assert.Equal("1 class has a single row to learn from: 'c' (train.csv:5).",
            Assert.Single(Read("one,a\ntwo,b\nthree,a\nfour,b\nfive,c\n", "six,a\nseven,b\neight,c\n").Warnings));
        var data = TextData.Read(texts.Save("x.csv", TestTexts.Small + "five,c\n"));
        Assert.Contains("1 class has a single row to learn from: 'c' (x.csv:5).", data.Warnings);
        Assert.Contains("The test has no text of 'c': the accuracy says nothing about it.", data.Warnings);
        Assert.Contains(data.Train, e => e.Source == "five");
    }

    [Fact]
    public void The_same_text_in_train_and_test_is_named_whatever_its_case_and_blanks()
    {
        var data = Read("Café au  lait,a\ntwo,b\nthree,a\nfour,b\n", "\" CAFE\u0301\nau lait \",a\nseven,b\n");
        Assert.Equal("1 test text is also in the training data, so the test flatters: test.csv:1 = train.csv:1.", Assert.Single(data.Warnings));
    }

    [Fact]
    public void Two_labels_repeats_and_uneven_classes_are_warned_of()
    {
        var warnings = Read(
            string.Concat(Enumerable.Range(10, 30).Select(i => $"text {i},a\n")) + "TEXT 10,b\nother,b\nText 11,a\n", "x,a\ny,b\n").Warnings;
        Assert.Contains("1 text has more than one label: train.csv:01 (a) = train.csv:31 (b).", warnings);
        Assert.Contains("2 training texts repeat another one.", warnings);
        Assert.Contains(warnings, warning => warning.Contains("'a' has 31 training texts, 'b' 2;"));
        Assert.Equal(3, warnings.Count);
    }

    [Fact]
    public void Long_lists_end_with_a_count() =>
        Assert.EndsWith(" and 5 more.", Read("one,a\ntwo,b\nthree,a\nfour,b\n" + string.Concat(Enumerable.Repeat(",a\n", 25)), "x,a\ny,b\n").Warnings[0]);

    [Fact]
    public void Data_that_cannot_be_learnt_from_is_refused()
    {
        Assert.Contains("x.csv has no rows;", texts.Refusal("x.csv", ""));
        Assert.Contains("x.csv has no rows;", texts.Refusal("x.csv", "text,label\n"));
        Assert.Contains("x.jsonl has no rows;", texts.Refusal("x.jsonl", "\n"));
        Assert.Contains("no rows with text and label (1 without text, 2 without label)", texts.Refusal("x.csv", "text,label\n,a\nb,\nc,\n"));
        Assert.Contains("one class, 'a'", texts.Refusal("x.csv", "text,label\none,a\ntwo,a\n"));
        Assert.Contains("none can be split off", texts.Refusal("x.csv", "text,label\none,a\ntwo,b\n"));
        Assert.Contains("test.csv has no test rows;", Refusal("one,a\ntwo,b\n", ""));
        Assert.Contains("test.csv has labels that ", Refusal("one,a\ntwo,b\n", "three,a\nfour,C\nfive,A\nsix,C\n"));
        Assert.Contains("lacks: 'A' (written 'a' there) (test.csv:3), 'C' (test.csv:2);", Refusal("one,a\ntwo,b\n", "three,a\nfour,C\nfive,A\nsix,C\n"));
    }

    private LabeledData Read(string train, string test)
    {
        Save(train, test);
        return TextData.Read(texts.Folder);
    }

    private string Refusal(string train, string test)
    {
        Save(train, test);
        return TestTexts.Refusal(texts.Folder);
    }

    private void Save(string train, string test)
    {
        texts.Save("train.csv", "text,label\n" + train);
        texts.Save("test.csv", "text,label\n" + test);
    }
}
