using System.Text.Json.Nodes;

namespace TransferLab.Notebooks.Tests;

public sealed class NotebookFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("transferlab-notebooks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_written_notebook_reads_back_as_it_was_built()
    {
        string path = Path.Combine(_folder, "a.ipynb");
        NotebookFile built = NotebookFile.Of([new(true, "# Title\n\ntext"), new(false, "int x = 1;\nx")]);
        Ran(built).Write(path);
        Assert.Null(NotebookFile.Read(path).Drift(built));
        Assert.Equal("int x = 1;\nx", NotebookFile.Source(NotebookFile.Read(path).CodeCells[0]));
    }

    [Fact]
    public void Drift_names_the_cell_that_differs()
    {
        NotebookFile older = Ran(NotebookFile.Of([new(true, "a"), new(false, "1"), new(false, "2")]));
        Assert.Contains("cell 2", older.Drift(NotebookFile.Of([new(true, "a"), new(false, "changed"), new(false, "2")])), StringComparison.Ordinal);
        Assert.Contains("cell 3", older.Drift(NotebookFile.Of([new(true, "a"), new(false, "1")])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_notebook_has_run_when_every_code_cell_has()
    {
        NotebookFile notebook = NotebookFile.Of([new(true, "a"), new(false, "1"), new(false, "2")]);
        Assert.False(notebook.HasRun);
        notebook.CodeCells[0]["execution_count"] = 1;
        Assert.False(notebook.HasRun);
        Assert.True(Ran(notebook).HasRun);
    }

    [Fact]
    public void Outputs_stay_up_to_the_first_code_cell_that_changed()
    {
        NotebookFile older = Ran(NotebookFile.Of([new(false, "1"), new(false, "2"), new(false, "3")]));
        NotebookFile built = NotebookFile.Of([new(false, "1"), new(true, "new text"), new(false, "changed"), new(false, "3")]);
        built.TakeOutputs(older);
        Assert.Equal([1, 0, 0], built.CodeCells.Select(cell => cell["outputs"]!.AsArray().Count));
    }

    [Fact]
    public void Stored_outputs_do_not_name_the_folder_for_temporary_files() =>
        Assert.Equal("see transferlab-lessons/lesson-1\n",
            CellOutputs.Portable($"see {Path.Combine(Path.GetTempPath(), "transferlab-lessons-" + Environment.UserName)}/lesson-1\r\n"));

    [Fact]
    public void A_file_that_is_no_notebook_is_refused_by_its_name()
    {
        string path = Path.Combine(_folder, "b.ipynb");
        File.WriteAllText(path, "{ \"cells\": 1 }");
        Assert.Contains("b.ipynb", Assert.Throws<FormatException>(() => NotebookFile.Read(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "not json");
        Assert.Contains("b.ipynb", Assert.Throws<FormatException>(() => NotebookFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Directives_become_packages_of_the_repositorys_versions()
    {
        Cell cell = new PackageVersions("1.2.3", "9.9.9")
            .FirstCell(["#:project ../src/TransferLab.Lessons/TransferLab.Lessons.csproj", "#:package Some.Thing@4.5.6", "#:property A=B"]);
        Assert.Contains("#r \"nuget: TransferLab.Lessons, 1.2.3\"\n#r \"nuget: Some.Thing, 4.5.6\"\n", cell.Source, StringComparison.Ordinal);
        Assert.EndsWith("#r \"nuget: libtorch-cpu-linux-x64, 9.9.9\"", cell.Source, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => new PackageVersions("1", "2").FirstCell(["#:sdk Microsoft.NET.Sdk.Web"]));
    }

    /// <summary>As if every code cell had run and printed something.</summary>
    private static NotebookFile Ran(NotebookFile notebook)
    {
        int count = 0;
        foreach (JsonObject cell in notebook.CodeCells)
        {
            cell["execution_count"] = ++count;
            cell["outputs"] = new JsonArray(new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = NotebookFile.Lines("hello\n") });
        }

        return notebook;
    }
}
