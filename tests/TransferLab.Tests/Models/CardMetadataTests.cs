using TransferLab.Comparison;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class CardMetadataTests : IDisposable
{
    private readonly TemporaryFolder _out = new();
    private readonly Backbone _backbone = SmallText.Create() with
    {
        Card = new() { Name = "hf:a/b", Origin = "/home/somebody/b", Licence = "cc-by-nc-4.0", Sha256 = "abc" },
    };

    public void Dispose() => _out.Dispose();

    [Theory]
    [InlineData("frozen", ".safetensors")]
    [InlineData("knn", ".safetensors")]
    [InlineData("frozen", ".onnx")]
    public void The_licence_of_the_backbone_travels_into_a_saved_model_and_no_path_does(string strategy, string extension)
    {
        string path = Path.Combine(_out.Path, "model" + extension);
        using FeatureCache cache = new();
        using (FitResult fitted = new Learner(_backbone, SmallBackbone.Compute, cache).Fit(StrategyCatalog.Find(strategy), SmallText.Task().Train,
            SmallText.Task().Classes, seed: 1))
        {
            if (extension == ".onnx")
            {
                fitted.Model.ExportOnnx(path);
            }
            else
            {
                fitted.Model.Save(path);
            }
        }

        string bytes = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path));
        Assert.Contains("cc-by-nc-4.0", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", bytes, StringComparison.Ordinal);
        if (strategy == "frozen" && extension == ".safetensors")
        {
            Assert.Equal(("cc-by-nc-4.0", $"{path}, made with hf:a/b"), BackboneFile.Load(path).Card is var card ? (card.Licence, card.Origin) : default);
            using TrainedModel again = ModelFile.Load(path);
            again.Save(path + ".again.safetensors");
            Assert.Equal("cc-by-nc-4.0", BackboneFile.Load(path + ".again.safetensors").Card.Licence);
        }
    }

    [Fact]
    public void A_comparison_says_which_licence_forbids_commercial_use() => Assert.Contains(
        "The licence of the backbone hf:a/b (cc-by-nc-4.0) forbids commercial use.",
        new Comparer(SmallText.Task(), [_backbone, SmallText.Create()], SmallBackbone.Compute, new()).Warnings);
}
