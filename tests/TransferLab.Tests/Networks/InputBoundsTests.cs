using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Networks;

/// <summary>Numbers that come from outside have bounds, and what is refused is said in one line.</summary>
public sealed class InputBoundsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-32)]
    [InlineData(100)]
    [InlineData(8192)]
    [InlineData(int.MaxValue)]
    public void A_size_that_no_network_sees_is_refused(int size)
    {
        string message = Assert.Throws<ArgumentException>(() => ImageSizes.Check(size)).Message;
        Assert.Contains($"a multiple of 32 from 32 to 4096 px, not {size}.", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_batch_that_does_not_fit_into_memory_is_refused_with_the_estimate_and_what_fits()
    {
        const double Small = 4L << 30;
        StepMemory memory = StepMemory.Usual;
        int fits = memory.LargestSize(Small, trains: true);
        Assert.InRange(memory.Estimate(fits, StepMemory.Batch, trains: true), 1, Small);
        Assert.InRange(memory.Estimate(fits + 32, StepMemory.Batch, trains: true), Small, double.MaxValue);
        memory.Require(224, StepMemory.Batch, trains: true);
        string message = Assert.Throws<ArgumentException>(() => memory.Require(4096, 100_000, trains: false)).Message;
        Assert.Matches("^100000 images of 4096 px take about [0-9.]+ GB in the network, and this machine has [0-9.]+ GB; take [0-9]+ px or less.$", message);
    }

    [Theory]
    [InlineData("resnet-2-2-2-2", 900)]
    [InlineData("vit{\"layers\":12,\"width\":768,\"heads\":12,\"feedForward\":3072,\"patch\":16,\"grid\":14}", 2700)]
    [InlineData("convnext{\"depths\":[3,3,9,3],\"widths\":[96,192,384,768]}", 2100)]
    public void What_a_training_step_takes_follows_the_network(string description, double bytes)
    {
        Architecture family = Registry.Known.Architectures.Single(family => family.Describes(description));
        Assert.InRange(family.MemoryOf(description).Training, 0.85 * bytes, 1.15 * bytes);
    }

    [Fact]
    public void The_description_of_the_deepest_network_is_read_again_and_a_longer_one_than_any_is_not()
    {
        InvertedResidualArchitecture family = new();
        string[] blocks = [.. Enumerable.Repeat(new InvertedResidualBlockShape(3, 1, 12_288, 12_288, 1_024, Activation.HardSwish, true).ToString(), 200)];
        string description = family.Of(new InvertedResidualShape { Stem = 12_288, Blocks = blocks, Head = 1280 }).Text;
        Assert.True(family.Describes(description));
        Assert.Equal(200, family.Parse(description)!.Blocks.Count);
        Assert.All(Registry.Known.Architectures, other => Assert.False(other.Describes(description.Replace("{", "{" + new string(' ', 1 << 14),
            StringComparison.Ordinal))));
    }

    [Fact]
    public void An_encoder_refuses_numbers_that_mean_nothing()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageEncoder(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageEncoder(5000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageEncoder(32) with { Size = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageEncoder(32, deviation: float.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => new ImageEncoder(32, new float[] { 1, float.NaN, 1 }));
        string vocabulary = ((TextEncoder)SmallText.Create().Encoder).WordPieces!.Vocabulary;
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextEncoder(vocabulary, 2));
        Assert.DoesNotContain('\n', Assert.Throws<ArgumentOutOfRangeException>(() => new TextEncoder(vocabulary, int.MaxValue)).Message);
    }

    [Theory]
    [InlineData(0, 1.2, 10, 0.2)]
    [InlineData(double.NaN, 1.2, 10, 0.2)]
    [InlineData(0.6, 0.5, 10, 0.2)]
    [InlineData(0.6, 1.2, 181, 0.2)]
    [InlineData(0.6, 1.2, 10, 1)]
    public void Augmentation_is_validated_where_it_is_made(double area, double aspect, double rotation, double light)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Augmentation { MinimumArea = area, AspectRatio = aspect, Rotation = rotation, Light = light }).Message;
        Assert.DoesNotContain('\n', message);
    }
}
