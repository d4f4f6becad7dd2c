using TransferLab.Cli;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Cli;

/// <summary>The folder of a comparison: one data set, one process, nothing half-written.</summary>
public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => Path.Combine(_folder.Path, "out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_belongs_to_one_data_set()
    {
        Fill("flowers", "1");
        using (OutputFolder again = Open())
        {
            again.BelongTo(Data("renamed", "1"), InputKind.Image, replace: false); // The same examples, wherever they lie.
        }

        using OutputFolder other = Open();
        string said = Assert.Throws<DataException>(() => other.BelongTo(Data("cars", "2"), InputKind.Image, replace: false)).Message;
        Assert.Contains("--replace", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.True(File.Exists(Path.Combine(Out, "models", "full.safetensors")));
    }

    [Fact]
    public void Replacing_removes_what_comparisons_write_and_nothing_else()
    {
        Fill("flowers", "1");
        File.WriteAllText(Path.Combine(Out, "notes.txt"), "mine");
        Directory.CreateDirectory(Path.Combine(Out, "n5", "runs"));
        Directory.CreateDirectory(Path.Combine(Out, "n5-mine"));
        using OutputFolder folder = Open();
        folder.BelongTo(Data("cars", "2"), InputKind.Image, replace: true);

        Assert.Equal(["n5-mine", "notes.txt", "runs"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["data.json", "lock"], Directory.GetFiles(Path.Combine(Out, "runs")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_at_once_are_refused_and_one_after_the_other_are_not()
    {
        using (Open())
        {
            Assert.Contains("another process", Assert.Throws<IOException>(Open).Message, StringComparison.Ordinal);
        }

        Open().Dispose();
    }

    [Fact]
    public void What_a_killed_run_left_half_written_goes_and_what_a_living_one_writes_stays()
    {
        string models = Directory.CreateDirectory(Path.Combine(Out, "models")).FullName;
        string Left(string name) => Path.Combine(models, $"{name}.{Guid.NewGuid():N}.tmp");
        string dead = Left("full.safetensors"), alive = Left("lora.onnx"), mine = Path.Combine(models, "notes.tmp");
        File.WriteAllText(dead, "half");
        File.WriteAllText(mine, "mine");
        using FileStream writing = new(alive, FileMode.CreateNew, FileAccess.Write);
        Open().Dispose();

        Assert.Equal((false, true, true), (File.Exists(dead), File.Exists(alive), File.Exists(mine)));
    }

    [Fact]
    public void A_full_or_unwritable_place_is_noticed_before_the_work()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        Assert.Contains("cannot be written to",
            Assert.Throws<ArgumentException>(() => OutputFolder.Open("--out", Path.Combine(_folder.Path, "file", "out"), new())).Message,
            StringComparison.Ordinal);

        using OutputFolder folder = Open();
        folder.CheckSpace([("full", 1000)]);
        Assert.Contains("are needed; free some", Assert.Throws<IOException>(() => folder.CheckSpace([("full", long.MaxValue / 2)])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data/flowers/", "flowers")]
    [InlineData("data/tickets.csv", "tickets")]
    public void Each_data_set_has_a_folder_of_its_own(string source, string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "data", "flowers"));
        Assert.Equal(Path.Combine("transferlab-out", name), OutputFolder.Default(Path.Combine(_folder.Path, source)));
    }

    private OutputFolder Open() => OutputFolder.Open("--out", Out, new());

    private static LabeledData Data(string name, string hash) => new() { Name = name, Classes = ["a", "b"], Train = [], Test = [], Hash = hash };

    private void Fill(string name, string hash)
    {
        using OutputFolder folder = Open();
        folder.BelongTo(Data(name, hash), InputKind.Image, replace: false);
        Directory.CreateDirectory(Path.Combine(Out, "models"));
        File.WriteAllText(Path.Combine(Out, "models", "full.safetensors"), "x");
        File.WriteAllText(Path.Combine(Out, "results.json"), "{}");
    }
}
