namespace TransferLab.Tests.Networks.Weights;

public sealed class WeightFuzzTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The benchmarks' command <c>fuzz</c> does the same for minutes.</summary>
    [Fact]
    public void A_thousand_damaged_files_of_all_formats_throw_nothing_else_and_cost_little()
    {
        WeightFuzzer fuzzer = new(folder, seed: 1);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Null(fuzzer.Step());
        }

        Assert.Equal(["gguf", "index", "pytorch-legacy", "pytorch-zip", "safetensors"], fuzzer.Counts.Keys);
        Assert.All(fuzzer.Counts, count => Assert.InRange(count.Value.Refused, 50, 500));
        Assert.InRange(fuzzer.Counts.Values.Sum(count => count.Accepted), 20, 500); // Damage goes beyond the first check.
    }
}
