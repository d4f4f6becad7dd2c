using TransferLab.Runtime;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Runtime;

public sealed class LibTorchFolderTests : IDisposable
{
    private const string Library = "libtorch_cpu.so", Variable = "TRANSFERLAB_LIBTORCH";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("torch/lib", "torch/lib")]
    [InlineData("torch/lib", "torch")]
    [InlineData("torch/lib", "")]
    [InlineData("lib/python3.12/site-packages/torch/lib", "")]
    [InlineData("libtorch/lib", "libtorch")]
    public void An_installed_torch_is_found_from_the_folders_that_people_name(string place, string named)
    {
        Write(Path.Combine(place, Library), "");
        Write(Path.Combine(place, "..", "version.py"), "from typing import Optional\n__version__ = '2.10.0+cu128'\n");
        Assert.Equal(Path.Combine(_folder.Path, place), Path.GetFullPath(LibTorchFolder.Find(Path.Combine(_folder.Path, named), Library, Variable)));
    }

    [Theory]
    [InlineData("version.py", "__version__ = '2.9.1+cpu'\n", "is libtorch 2.9.1+cpu, and TorchSharp needs 2.10")]
    [InlineData("version.py", "__version__ = \"2.1.0\"\n", "is libtorch 2.1.0")]
    [InlineData("build-version", "2.13.0+cu130\n", "is libtorch 2.13.0+cu130")]
    public void Another_version_is_refused_in_one_line(string file, string text, string says)
    {
        Write(Path.Combine("torch", "lib", Library), "");
        Write(Path.Combine("torch", file), text);
        string message = Assert.Throws<LibTorchException>(() => LibTorchFolder.Find(_folder.Path, Library, Variable)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.Contains("pip install torch==2.10.0", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_folder_without_libtorch_is_not_passed_over()
    {
        Assert.Contains("holds no libtorch", Assert.Throws<LibTorchException>(() => LibTorchFolder.Find(_folder.Path, Library, Variable)).Message,
            StringComparison.Ordinal);
        Write(Library, "");
        Write("../version.py".Replace("..", "lib", StringComparison.Ordinal), "nothing");
        Assert.Equal(_folder.Path, LibTorchFolder.Find(_folder.Path, Library, Variable)); // Of an unknown version: what loads will say.
    }

    private void Write(string name, string text)
    {
        string path = Path.GetFullPath(Path.Combine(_folder.Path, name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
