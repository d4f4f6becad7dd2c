using System.Text.Json.Nodes;

namespace TransferLab.Notebooks.Tests;

/// <summary>The lessons as they lie in the repository. Running them is the business of <c>notebooks/check.sh</c>.</summary>
public sealed class LessonFilesTests
{
    private static readonly string s_notebooks = Path.Combine(Root(), "notebooks");

    public static TheoryData<string> Lessons =>
        [.. NotebookBuilder.Lessons(s_notebooks).Select(path => Path.GetRelativePath(s_notebooks, path).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Lessons))]
    public void Every_notebook_is_what_its_source_says(string lesson)
    {
        string source = Path.Combine(s_notebooks, lesson), notebook = NotebookBuilder.PathFor(source);
        Assert.True(File.Exists(notebook), $"{notebook} is missing.");
        NotebookFile stored = NotebookFile.Read(notebook);
        Assert.Null(stored.Drift(NotebookBuilder.Build(source)));
        Assert.True(stored.HasRun, $"{notebook} has cells without stored outputs: run it.");
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void No_stored_output_is_an_error_or_names_a_folder_of_the_machine_that_made_it(string lesson)
    {
        foreach (JsonObject cell in NotebookFile.Read(NotebookBuilder.PathFor(Path.Combine(s_notebooks, lesson))).CodeCells)
        {
            Assert.DoesNotContain(cell["outputs"]!.AsArray(), output => (string?)output!["output_type"] == "error");
            foreach (string folder in (string[])["/work/", "/tmp/", "/home/"])
            {
                Assert.DoesNotContain(folder, Exercises.Text(cell["outputs"]!.AsArray()), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void Every_lesson_asks_for_a_prediction_has_exercises_and_a_case_where_the_expected_way_loses(string lesson)
    {
        string text = File.ReadAllText(Path.Combine(s_notebooks, lesson));
        Assert.True(text.Split("Check.That(").Length > 2, "at least two exercises");
        if (!lesson.Contains('/'))
        {
            Assert.Contains("Predict", text, StringComparison.Ordinal);
            Assert.Contains("## When the expected way loses", text, StringComparison.Ordinal);
        }
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TransferLab.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
