using TransferLab.Cli;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Cli;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _out = new();

    public void Dispose() => _out.Dispose();

    [Theory]
    [InlineData("model.bin", ".safetensors, .onnx or .zip")]
    [InlineData("model", ".safetensors, .onnx or .zip")]
    [InlineData("file/model.zip", "cannot be written to")]
    [InlineData("taken.zip", "is a folder")]
    public void A_place_where_no_model_can_be_written_is_refused(string path, string named)
    {
        Directory.CreateDirectory(Path.Combine(_out.Path, "taken.zip"));
        File.WriteAllText(Path.Combine(_out.Path, "file"), "");
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => Check(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_will_do_is_left_as_it_was()
    {
        Check("model.ONNX");
        Assert.Empty(Directory.GetFileSystemEntries(_out.Path));
        Check("new/model.zip");
        Assert.Equal([Path.Combine(_out.Path, "new")], Directory.GetFileSystemEntries(_out.Path));
    }

    private void Check(string path) => OutputFile.CheckModel("--out", Path.Combine(_out.Path, path), new(), ".safetensors", ".onnx", ".zip");
}
