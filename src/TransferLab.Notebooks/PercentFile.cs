namespace TransferLab.Notebooks;

/// <summary>
/// A lesson's source: a file-based app in the percent format. Lines that begin with <c>// %%</c> begin a cell, <c>// %% [markdown]</c> one whose lines are
/// comments; before the first cell stand the app's directives.
/// </summary>
/// <param name="Directives">The lines before the first cell that begin with <c>#:</c>.</param>
/// <param name="Cells">The cells in order.</param>
internal sealed record PercentFile(IReadOnlyList<string> Directives, IReadOnlyList<Cell> Cells)
{
    private const string Mark = "// %%";

    /// <summary>Reads the format.</summary>
    /// <exception cref="FormatException">Something stands outside of the cells, or a line of a markdown cell is no comment; the message names the
    /// line.</exception>
    public static PercentFile Parse(string text)
    {
        List<string> directives = [];
        List<Cell> cells = [];
        List<string>? current = null;
        bool isMarkdown = false;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd();
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                Finish();
                (current, isMarkdown) = ([], line.Contains("[markdown]", StringComparison.Ordinal));
            }
            else if (current is null)
            {
                AddDirective(line, i + 1);
            }
            else
            {
                current.Add(isMarkdown ? Uncommented(line, i + 1) : line);
            }
        }

        Finish();
        return new(directives, cells);

        void Finish()
        {
            string source = current is null ? "" : string.Join('\n', current).Trim('\n');
            if (source.Length > 0)
            {
                cells.Add(new(isMarkdown, source));
            }
        }

        void AddDirective(string line, int number)
        {
            if (line.StartsWith("#:", StringComparison.Ordinal))
            {
                directives.Add(line);
            }
            else if (line.Length > 0 && !line.StartsWith("#!", StringComparison.Ordinal) && !line.StartsWith("//", StringComparison.Ordinal))
            {
                throw new FormatException($"line {number}: '{line}' stands before the first cell; begin one with a line '{Mark}'.");
            }
        }
    }

    private static string Uncommented(string line, int number) => line switch
    {
        "" or "//" => "",
        _ when line.StartsWith("// ", StringComparison.Ordinal) => line[3..],
        _ => throw new FormatException($"line {number}: '{line}' is in a markdown cell, whose lines begin with '// '."),
    };
}
