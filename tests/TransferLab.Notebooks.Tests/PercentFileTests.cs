namespace TransferLab.Notebooks.Tests;

public sealed class PercentFileTests
{
    private const string Lesson = """
        #!/usr/bin/env dotnet
        #:project ../src/A.B/A.B.csproj

        // %% [markdown]
        // # Title
        //
        // Text with `// %%`... no: a mark stands at the start of a line.

        // %%
        int x = 1;

        Console.WriteLine(x);   // %% not a mark either
        // %% [markdown]
        // End
        """;

    [Fact]
    public void Cells_lose_their_marks_and_markdown_its_comment_signs()
    {
        PercentFile file = PercentFile.Parse(Lesson);
        Assert.Equal(["#:project ../src/A.B/A.B.csproj"], file.Directives);
        Assert.Equal([true, false, true], file.Cells.Select(cell => cell.IsMarkdown));
        Assert.Equal("# Title\n\nText with `// %%`... no: a mark stands at the start of a line.", file.Cells[0].Source);
        Assert.Equal("int x = 1;\n\nConsole.WriteLine(x);   // %% not a mark either", file.Cells[1].Source);
        Assert.Equal("End", file.Cells[2].Source);
    }

    [Fact]
    public void Line_ends_of_other_systems_give_the_same_cells() =>
        Assert.Equal(PercentFile.Parse(Lesson).Cells, PercentFile.Parse(Lesson.ReplaceLineEndings("\r\n")).Cells);

    [Theory]
    [InlineData("int x = 1;\n// %%\n", "line 1: 'int x = 1;' stands before the first cell")]
    [InlineData("// %% [markdown]\n// a\nb\n", "line 3: 'b' is in a markdown cell")]
    public void What_is_in_no_cell_is_refused_with_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => PercentFile.Parse(text)).Message, StringComparison.Ordinal);
}
