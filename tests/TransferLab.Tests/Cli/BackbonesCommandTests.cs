using TransferLab.Tests.Hub;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Cli;

public sealed class BackbonesCommandTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly LoopbackHub _hub = new LoopbackHub().Add("README.md", "---\nlicense: cc-by-nc-4.0\n---\n")
        .Add("model.safetensors", [.. BitConverter.GetBytes(64L), .. """{"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}       """u8,
            .. new byte[24]]);

    public void Dispose()
    {
        _hub.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void A_model_is_fetched_listed_looked_at_verified_and_removed()
    {
        (int code, string output, string error) = Run("get", "hf:owner/name");
        Assert.Equal(0, code);
        Assert.Contains("licence   cc-by-nc-4.0", output, StringComparison.Ordinal);
        Assert.Contains("fetching  hf:owner/name", error, StringComparison.Ordinal);
        _hub.Dispose(); // From here on nobody can be asked.
        Assert.Contains(Run("list").Output.Split('\n'), line => line.StartsWith("hf:owner/name", StringComparison.Ordinal)
            && line.Contains("main 0123456789ab", StringComparison.Ordinal));
        Assert.Contains("    x F32 [2, 3]", Run("inspect", "hf:owner/name", "--tensors").Output, StringComparison.Ordinal);
        Assert.Contains("hf:owner/name: 2 files are as published", Run("verify").Output, StringComparison.Ordinal);
        string blob = Directory.GetFiles(Path.Combine(_home.Path, "hub", "models--owner--name", "blobs")).First(file => new FileInfo(file).Length == 96);
        File.WriteAllText(blob, "damaged");
        Assert.Equal(1, Run("verify", "hf:owner/name").Code);
        Assert.Equal(0, Run("remove", "hf:owner/name").Code);
        Assert.Equal((2, $"error: hf:owner/name is not in {Path.Combine(_home.Path, "hub")}."), Run("remove", "hf:owner/name") is var gone
            ? (gone.Code, gone.Error.TrimEnd())
            : default);
    }

    [Fact]
    public void Offline_and_not_here_is_one_line_that_says_what_to_download_and_where_to_put_it()
    {
        (int code, _, string error) = Run("inspect", "hf:owner/other");
        Assert.Equal(1, code);
        Assert.Contains("hf:owner/other", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        (code, _, error) = CliProcess.RunWith(new() { ["HF_HOME"] = _home.Path, ["HF_HUB_OFFLINE"] = "1" }, "compare", "--text", "--backbone", "hf:owner/other",
            "--out", Path.Combine(_home.Path, "out"));
        Assert.Equal(1, code);
        Assert.Contains("copy models--owner--other into " + Path.Combine(_home.Path, "hub"), Assert.Single(error.TrimEnd().Split('\n')),
            StringComparison.Ordinal);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) => CliProcess.RunWith(new()
    {
        ["HF_HOME"] = _home.Path,
        ["HF_ENDPOINT"] = _hub.Server.Address.AbsoluteUri,
        ["HF_TOKEN"] = "hf_x",
        ["TRANSFERLAB_DATA"] = "",
    }, ["backbones", .. arguments]);
}
