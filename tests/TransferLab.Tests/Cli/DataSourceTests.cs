using TransferLab.Cli;
using TransferLab.Data;

namespace TransferLab.Tests.Cli;

public sealed class DataSourceTests : IDisposable
{
    private readonly string _name = $"set-{Guid.NewGuid():N}"; // In the working folder, as a person would name it.

    public void Dispose() => Directory.Delete(_name, recursive: true);

    [Fact]
    public void A_folder_of_results_does_not_hide_the_set_of_its_name()
    {
        Directory.CreateDirectory(_name);
        Assert.Equal(_name, DataSource.Find(_name, "--text", root: null, Directory.Exists));

        foreach (string part in (string[])["runs", "predictions", "models"])
        {
            Directory.CreateDirectory(Path.Combine(_name, part));
        }

        Assert.Contains("banking77, sst2", Assert.Throws<DataException>(() => DataSource.Find(_name, "--text", root: null, Directory.Exists)).Message, StringComparison.Ordinal);
    }
}
