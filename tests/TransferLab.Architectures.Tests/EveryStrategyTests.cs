using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;

namespace TransferLab.Architectures.Tests;

/// <summary>Every strategy of the catalogue on every family: two steps, a file, and the same predictions from it.</summary>
public sealed class EveryStrategyTests : IDisposable
{
    private static readonly string[] s_languageModels = ["llama", "llama-untied", "llama3-rope", "qwen2", "qwen3"];
    private readonly string _folder = Directory.CreateTempSubdirectory("strategies-").FullName;

    public static TheoryData<string> Images => ImageFamilyTests.Families;

    public static TheoryData<string> Texts => [.. ((IEnumerable<object[]>)TextNetworkTests.Families).Select(row => (string)row[0]), .. s_languageModels];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Images))]
    public void A_family_of_images_trains_by_every_strategy_and_its_file_predicts_the_same(string family)
    {
        SkipUnlessSlow();
        LibTorch.Load();
        AssertAll(ImageFamilyTests.Create(family), ImageFamilyTests.Draw(Path.Combine(_folder, "data")));
    }

    [SkippableTheory]
    [MemberData(nameof(Texts))]
    public void A_family_of_texts_trains_by_every_strategy_and_its_file_predicts_the_same(string family)
    {
        SkipUnlessSlow();
        using GoldenNetwork golden = new GoldenNetwork(family).Write().WithTokenizer();
        AssertAll(PublishedFiles.Open(golden.Folder), GoldenTexts.Data());
    }

    private void AssertAll(Backbone backbone, LabeledData data)
    {
        string[] refused = [.. StrategyCatalog.All.Select(strategy => (strategy.Name, Why: FamilyChecks.TrainsAndSaves(backbone, strategy, data, _folder)))
            .Where(result => result.Why is not null).Select(result => $"{result.Name}: {result.Why}")];
        Assert.Empty(refused);
    }

    private static void SkipUnlessSlow() =>
        Skip.IfNot(Environment.GetEnvironmentVariable("TRANSFERLAB_SLOW") == "1", "TRANSFERLAB_SLOW=1 is not set");
}
