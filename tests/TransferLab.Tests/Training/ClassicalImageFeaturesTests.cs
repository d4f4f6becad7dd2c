using TransferLab.Models;
using TransferLab.Training;

namespace TransferLab.Tests.Training;

public sealed class ClassicalImageFeaturesTests
{
    private const int Side = ClassicalImageFeatures.Side, Edges = 1764 + 324, Colours = 64, Layout = 192;

    [Fact]
    public void The_width_is_the_sum_of_the_documented_parts() => Assert.Equal(Edges + Colours + Layout + 236, ClassicalImageFeatures.Width);

    [Fact]
    public void A_flat_image_has_no_edges_one_colour_and_one_pattern()
    {
        float[] row = Describe((_, _) => (200, 10, 70));

        Assert.All(row[..Edges], value => Assert.Equal(0, value));
        Assert.Equal([(3 * 16) + (0 * 4) + 1], NonZero(row[Edges..(Edges + Colours)]));
        Assert.Equal([200 / 255f, 10 / 255f, 70 / 255f], row[(Edges + Colours)..(Edges + Colours + 3)]);
        Assert.Equal(4, NonZero(row[(Edges + Colours + Layout)..]).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Edges_vote_for_the_direction_of_their_gradient(bool isVertical)
    {
        float[] row = Describe((x, y) => (isVertical ? x : y) % 16 < 8 ? ((byte)20, (byte)20, (byte)20) : ((byte)230, (byte)230, (byte)230));

        float[] orientations = new float[9];
        for (int i = 0; i < Edges; i++)
        {
            orientations[i % 9] += row[i];
        }

        // A horizontal gradient lies between the last and the first bin, a vertical one in the middle of the fifth.
        Assert.Equal(isVertical ? [0, 8] : [4], NonZero(orientations));
    }

    [Fact]
    public void The_same_pixels_give_the_same_values_and_blocks_of_unit_length()
    {
        float[] strong = Describe((x, y) => Grey(40 + (150 * ((x / 5) + (y / 7)) % 160)));
        float[] again = Describe((x, y) => Grey(40 + (150 * ((x / 5) + (y / 7)) % 160)));

        Assert.Equal(strong, again);
        Assert.All(strong[..Edges].Chunk(36), block => Assert.InRange(block.Sum(value => value * value), 0.99f, 1.0001f));
    }

    [Fact]
    public void Shares_of_patterns_sum_to_one_in_every_square()
    {
        Random random = new(5);
        float[] row = Describe((_, _) => Grey(random.Next(256)));

        Assert.All(row[(Edges + Colours + Layout)..].Chunk(59), square => Assert.Equal(1, square.Sum(value => value * value), 1e-4));
        Assert.All(row, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Spans_of_another_length_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ClassicalImageFeatures.Describe(new byte[5], new float[ClassicalImageFeatures.Width]));
        Assert.Throws<ArgumentException>(() => ClassicalImageFeatures.Describe(new byte[Side * Side * 3], new float[5]));
    }

    private static (byte R, byte G, byte B) Grey(int value) => ((byte)value, (byte)value, (byte)value);

    private static int[] NonZero(float[] values) => [.. Enumerable.Range(0, values.Length).Where(i => values[i] > 1e-4)];

    private static float[] Describe(Func<int, int, (byte R, byte G, byte B)> colour)
    {
        byte[] rgb = new byte[Side * Side * 3];
        for (int i = 0; i < Side * Side; i++)
        {
            (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = colour(i % Side, i / Side);
        }

        float[] row = new float[ClassicalImageFeatures.Width];
        ClassicalImageFeatures.Describe(rgb, row);
        return row;
    }
}
