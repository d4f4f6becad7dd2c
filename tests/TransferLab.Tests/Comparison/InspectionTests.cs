using SkiaSharp;
using TorchSharp;
using TransferLab.Comparison;
using TransferLab.Comparison.Inspection;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Tests.Data;
using TransferLab.Tests.Training;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Comparison;

/// <summary>What is looked at after a run: shifted tests, forgetting, layers, features, where the network looked.</summary>
[Collection(TorchCollection.Name)]
public sealed class InspectionTests
{
    private const int Size = 96;

    [Fact]
    public void Alignment_ignores_rotation_and_scale_and_sees_noise()
    {
        Random random = new(2);
        float[][] x = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.NextSingle(), random.NextSingle() })];
        float[][] turned = [.. x.Select(row => new[] { 3 * row[1], -3 * row[0] })],
            other = [.. x.Select(_ => new[] { random.NextSingle(), random.NextSingle() })];

        Assert.Equal(1, FeatureMatrix.Cka(x, turned), 1e-9);
        Assert.True(FeatureMatrix.Cka(x, other) < 0.1);
        Assert.Equal(1, FeatureMatrix.SharedNeighbours(x, x));
        Assert.InRange(FeatureMatrix.SharedNeighbours(x, other), 0, 0.2);
    }

    [Fact]
    public void The_plane_holds_the_directions_of_most_variance()
    {
        Random random = new(3);
        float[][] rows = [.. Enumerable.Range(0, 300).Select(_ => new[] { 0.1f * random.NextSingle(), 10 * random.NextSingle(), 3 * random.NextSingle() })];
        (IReadOnlyList<(double X, double Y)> points, double first, double second) = FeatureMatrix.Plane(rows);
        double mean = rows.Average(row => row[1]);

        Assert.Equal(100.0 / 109, first, 0.03);
        Assert.Equal(9.0 / 109, second, 0.03);
        Assert.Equal(Math.Abs(rows[0][1] - mean), Math.Abs(points[0].X), 0.15);
    }

    [Fact]
    public void A_frozen_backbone_changes_nothing_and_a_trained_one_does()
    {
        using SmallTask task = new(), other = new(classes: 2, train: 10);
        TransferStrategy full = TransferStrategy.Full();
        ShiftedTest copy = new() { Name = "none", Severity = 1, Description = "as it is", Examples = task.Data.Test };
        ComparisonOptions options = new()
        {
            Strategies =
                [TransferStrategy.Frozen(), full with { Phases = [full.Phases[0] with { Epochs = 1, LearningRate = 0.05, FirstGroupRate = 1, WarmUp = 0 }] },
                    ClassicalStrategy.Default()],
            ShiftedTests = [copy],
            RetentionData = other.Data with { Name = "other" },
        };

        ComparisonResults results = new Comparer(task.Data, SmallBackbone.CreateNamed(), SmallBackbone.Compute, options).Run();

        (StrategyResult frozen, StrategyResult tuned, StrategyResult classical) = (results.Strategies[0], results.Strategies[1], results.Strategies[2]);
        Assert.All(frozen.Layers!, layer => Assert.Equal((0, 1), (layer.Weights, Math.Round(layer.Cka, 6))));
        Assert.Contains(tuned.Layers!, layer => layer.Weights > 0.001 && layer.Cka < 0.9999);
        Assert.All(results.Features!.X.Zip(frozen.Features!.X), pair => Assert.Equal(pair.First, pair.Second, 1e-2f));
        Assert.NotEqual(results.Features.X, tuned.Features!.X);
        Assert.Equal((results.Retention!.ProbeBefore, 1, 1), (frozen.Retention!.Probe, Math.Round(frozen.Retention.Cka, 6), frozen.Retention.Neighbours));
        Assert.True(tuned.Retention!.Neighbours < 1);
        Assert.Null(classical.Layers);
        Assert.Null(classical.Retention);
        Assert.All(results.Strategies, strategy =>
        {
            ShiftResult shift = Assert.Single(strategy.Shifts!);
            Assert.Equal(strategy.Accuracy, shift.Accuracy);
            Assert.Equal(0, shift.Change!.Value);
        });
        Assert.All(frozen.WorstMistakes.Concat(tuned.WorstMistakes), mistake =>
            Assert.StartsWith("data:image/jpeg;base64,", mistake.Focus, StringComparison.Ordinal));
        Assert.All(classical.WorstMistakes, mistake => Assert.Null(mistake.Focus));
    }

    [Fact]
    public void Grad_CAM_is_bright_where_the_evidence_is()
    {
        // Two by two positions; only the lower right one speaks for the class.
        byte[] white = [.. Enumerable.Repeat((byte)200, 32 * 32 * 3)];
        string uri = GradCam.Overlay(white, 32, [0, 0, 0, 1], 2, 2);
        using SKBitmap bitmap = SKBitmap.Decode(Convert.FromBase64String(uri["data:image/jpeg;base64,".Length..]));

        Assert.True(bitmap.GetPixel(29, 29).Red > 180);
        Assert.True(bitmap.GetPixel(2, 2).Red < 70);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public void Grad_CAM_weighs_the_channels_with_the_gradient_of_the_logit(int? hiddenUnits)
    {
        using SmallTask task = new();
        Backbone backbone = SmallBackbone.Create();
        using TransferNetwork network = new(backbone.CreatePretrained(), 3, seed: 4, hiddenUnits);
        Example example = task.Data.Test[0];

        (float[] map, int height, int width) = GradCam.Map(network, backbone.Encoder, SmallBackbone.Compute, example, 2, CancellationToken.None)!.Value;

        using DisposeScope scope = NewDisposeScope();
        Tensor input = backbone.Encoder.Normalize(backbone.Encoder.Encode([example], null, CancellationToken.None), SmallBackbone.Compute.Device,
            ScalarType.Float32).Values;
        Tensor channels = network.Backbone.Forward(new(input), 0, network.Backbone.Groups.Count).Values.detach().requires_grad_();
        network.Logits(network.Backbone.Pool(new(channels)), network.Backbone.Groups.Count)[0, 2].backward();
        Tensor expected = (channels * channels.grad!.mean([2, 3], keepdim: true)).sum([1]).relu();
        Assert.Equal((channels.shape[2], channels.shape[3]), (height, width));
        Assert.Equal(expected.div(expected.max()).detach().contiguous().data<float>().ToArray(), map, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Damaged_images_are_damaged_more_and_more_and_the_same_each_time()
    {
        using SmallTask task = new();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("transferlab-shift-");
        try
        {
            IReadOnlyList<ShiftedTest> shifts = ImageShifts.Write(task.Data.Test, Size, folder.FullName);
            Assert.Equal(["blur", "blur", "blur", "contrast", "contrast", "contrast", "noise", "noise", "noise"], shifts.Select(shift => shift.Name));
            byte[] plain = Pixels(task.Data.Test[0].Source);
            foreach (IGrouping<string, ShiftedTest> kind in shifts.GroupBy(shift => shift.Name))
            {
                double[] distances = [.. kind.Select(shift => Pixels(shift.Examples[0].Source).Zip(plain, (a, b) => Math.Abs(a - b)).Average())];
                Assert.True(distances[0] > 0 && distances[1] > distances[0] && distances[2] > distances[1], $"{kind.Key}: {string.Join(", ", distances)}");
            }

            byte[] before = File.ReadAllBytes(shifts[^1].Examples[1].Source);
            ImageShifts.Write(task.Data.Test, Size, folder.FullName);
            Assert.Equal(before, File.ReadAllBytes(shifts[^1].Examples[1].Source));
            Assert.Equal(task.Data.Test.Select(example => example.Label), shifts[0].Examples.Select(example => example.Label));
            Assert.Equal(shifts.Count + 1, shifts.Select(shift => shift.Examples[0].Hash).Append(task.Data.Test[0].Hash).Distinct().Count());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(ImageFit.Crop, 255)]   // The middle, all white.
    [InlineData(ImageFit.Squash, 127)] // All of it: the outer halves are black.
    public void Damaged_copies_show_what_evaluation_sees_of_an_image(ImageFit fit, int mean)
    {
        using TestImages images = new();
        using SKBitmap wide = TestImages.Draw(64, 32, (x, _) => x is >= 16 and < 48 ? SKColors.White : SKColors.Black);
        Example example = new("wide", images.Save("wide", wide), 0, "h");
        ShiftedTest pale = ImageShifts.Write([example], 32, images.Folder, fit).First(shift => shift is { Name: "contrast", Severity: 1 });
        Assert.InRange(Pixels(pale.Examples[0].Source).Average(value => (double)value), mean - 4.0, mean + 4.0);
    }

    [Fact]
    public void Typing_mistakes_hit_the_share_of_words_that_is_said_and_keep_their_number()
    {
        string text = string.Join(' ', Enumerable.Range(0, 4000).Select(i => i % 2 == 0 ? "parcel" : "is"));
        IReadOnlyList<ShiftedTest> shifts = TextShifts.Of([new("a", text, 0, "h")]);
        double Changed(ShiftedTest shift) => shift.Examples[0].Source.Split(' ').Where((word, i) => i % 2 == 0 && word != "parcel").Count() / 2000.0;

        Assert.Equal(text.ToUpperInvariant(), shifts[0].Examples[0].Source);
        Assert.Equal([0.1, 0.2, 0.4], shifts.Skip(1).Select(shift => Math.Round(Changed(shift), 1)));
        Assert.All(shifts, shift => Assert.Equal(4000, shift.Examples[0].Source.Split(' ').Length));
        Assert.Equal(shifts[3].Examples[0].Source, TextShifts.Of([new("a", text, 0, "h")])[3].Examples[0].Source);
    }

    private static byte[] Pixels(string path)
    {
        byte[] rgb = new byte[Size * Size * 3];
        ImageFile.Render(path, Size, ImageView.Centre, rgb);
        return rgb;
    }
}
