using System.Security.Cryptography;
using TransferLab.Comparison;
using TransferLab.Tests.Networks.Published;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Cli;

/// <summary>One data set over several backbones, one of which lies in the hub's cache as huggingface_hub leaves it: blobs, and links to them.</summary>
[Collection(TorchCollection.Name)]
public sealed class BackbonesComparisonTests : IDisposable
{
    private const string Revision = "0123456789abcdef0123456789abcdef01234567";
    private readonly PublishedTextFolder _published = new();
    private readonly TemporaryFolder _home = new(), _out = new();

    public void Dispose()
    {
        _published.Dispose();
        _home.Dispose();
        _out.Dispose();
    }

    [SkippableFact]
    public void A_cached_hub_model_and_a_folder_are_compared_offline_both_ways_and_predict()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need rights there");
        Cache();
        string few = Path.Combine(_home.Path, "few.csv");
        File.WriteAllLines(few,
            ["text,label", .. Enumerable.Range(0, 24).Select(i => i % 2 == 0 ? $"my parcel {i} late,parcel" : $"broken screen {i},screen")]);
        Dictionary<string, string> offline = new() { ["HF_HOME"] = _home.Path, ["HF_HUB_OFFLINE"] = "1", ["HF_ENDPOINT"] = "http://127.0.0.1:9" };

        (int code, string output, string error) = CliProcess.RunWith(offline,
            "compare", "--text", few, "--backbones", $"hf:owner/tiny,{_published.Path}", "--strategies", "frozen,full", "--precision", "float32",
                "--out", _out.Path);
        Assert.True(code == 0, error);
        ComparisonResults results = ResultsFile.Read(Path.Combine(_out.Path, "results.json"));
        Assert.Equal(4, results.Strategies.Count);
        Assert.Equal(2, results.Strategies.Select(row => row.Name[..row.Name.LastIndexOf('.')]).Distinct().Count());
        Assert.All(results.Strategies, row => Assert.Contains(row.Name, output, StringComparison.Ordinal));

        string hub = Assert.Single(Directory.GetFiles(Path.Combine(_out.Path, "models"), "*.full.safetensors"),
            file => Path.GetFileName(file).Contains("owner", StringComparison.Ordinal));
        (code, output, error) = CliProcess.RunWith(offline, "predict", "--model", hub, "where is my parcel please");
        Assert.True(code == 0, error);
        Assert.Matches("parcel|screen", output);
    }

    private void Cache()
    {
        string model = Path.Combine(_home.Path, "hub", "models--owner--tiny"), snapshot = Path.Combine(model, "snapshots", Revision);
        Directory.CreateDirectory(Path.Combine(model, "blobs"));
        Directory.CreateDirectory(Path.Combine(model, "refs"));
        Directory.CreateDirectory(snapshot);
        File.WriteAllText(Path.Combine(model, "refs", "main"), Revision);
        foreach (string file in Directory.GetFiles(_published.Path))
        {
            byte[] content = File.ReadAllBytes(file);
            string blob = Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
            File.WriteAllBytes(Path.Combine(model, "blobs", blob), content);
            File.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(file)), Path.Combine("..", "..", "blobs", blob));
        }
    }
}
