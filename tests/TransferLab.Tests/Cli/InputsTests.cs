using TransferLab.Cli;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Cli;

/// <summary>What is read is never overwritten.</summary>
public sealed class InputsTests : IDisposable
{
    private static readonly string[] s_parts = ["models", "results.json"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data.csv", true)]
    [InlineData("pictures/../data.csv", true)]
    [InlineData("link.csv", true)]
    [InlineData("pictures/a.png", true)]
    [InlineData("pictures/new.csv", false)]
    [InlineData("pictures.csv", false)]
    [InlineData("other.csv", false)]
    public void A_file_that_is_read_is_refused(string path, bool refused)
    {
        Make();
        Inputs inputs = new Inputs().Add("INPUT", At("data.csv")).Add("--images", At("pictures")).Add("--model", At("absent"));
        Action check = () => inputs.CheckFile("--out", At(path), isEarlierOutput: _ => false);
        if (refused)
        {
            Assert.Contains("never overwritten", Assert.Throws<ArgumentException>(check).Message, StringComparison.Ordinal);
        }
        else
        {
            check();
        }
    }

    [Fact]
    public void What_such_a_command_wrote_into_the_folder_may_be_written_anew()
    {
        Make();
        new Inputs().Add("--images", At("pictures")).CheckFile("--out", At("pictures/a.png"), isEarlierOutput: _ => true);
    }

    [Theory]
    [InlineData("pictures", "next run")]
    [InlineData("pictures/deep/results", "next run")]
    [InlineData("results", "may be overwritten there")]
    public void A_folder_of_data_or_with_an_input_where_files_go_is_refused(string folder, string said)
    {
        Make();
        Inputs inputs = new Inputs().Add("--images", At("pictures")).Add("--backbone", At("results/models/full.safetensors"));
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => inputs.CheckFolder("--out", At(folder), s_parts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_beside_the_data_will_do()
    {
        Make();
        new Inputs().Add("--images", At("pictures")).Add("--backbone", At("results/models/full.safetensors"))
            .CheckFolder("--out", At("pictures-results"), s_parts);
    }

    private void Make()
    {
        Directory.CreateDirectory(At("pictures"));
        Directory.CreateDirectory(At("results/models"));
        foreach (string file in (string[])["data.csv", "pictures/a.png", "results/models/full.safetensors"])
        {
            File.WriteAllText(At(file), "x");
        }

        try
        {
            File.CreateSymbolicLink(At("link.csv"), At("data.csv"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Copy(At("data.csv"), At("link.csv"));
        }
    }

    private string At(string path) => Path.Combine(_folder.Path, path);
}
