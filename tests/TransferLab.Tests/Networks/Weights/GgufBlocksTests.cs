using System.Globalization;
using System.Text;
using System.Text.Json;
using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>Quantised blocks as llama.cpp's own Python package has them (Golden/blocks.json): the values to the eight digits that are noted there, the blocks
/// to the bit.</summary>
public sealed class GgufBlocksTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests/TransferLab.Tests/Networks/Weights/Golden/blocks.json"))).RootElement;

    public static TheoryData<string> Read => [.. Golden.GetProperty("dequantise").EnumerateArray().Select(item => item.GetProperty("type").GetString()!)];

    public static TheoryData<string> Written =>
        [.. Golden.GetProperty("quantise").EnumerateArray().Select(item => item.GetProperty("type").GetString()!).Where(type => type != "BF16")];

    [Theory]
    [MemberData(nameof(Read))]
    public void Blocks_stand_for_the_golden_values(string name)
    {
        JsonElement item = Golden.GetProperty("dequantise").EnumerateArray().Single(item => item.GetProperty("type").GetString() == name);
        double[] expected = [.. item.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        float[] actual = new float[expected.Length];
        GgufType type = GgufType.Find(name)!;
        Assert.Equal(item.GetProperty("id").GetUInt32(), type.Id);
        GgufBlocks.Dequantise(type, Convert.FromHexString(item.GetProperty("bytes").GetString()!), actual);
        Assert.Equal(expected, actual.Select(value => double.Parse(value.ToString("G8", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Values_are_packed_into_the_golden_blocks(string name)
    {
        JsonElement item = Golden.GetProperty("quantise").EnumerateArray().Single(item => item.GetProperty("type").GetString() == name);
        byte[] expected = Convert.FromHexString(item.GetProperty("bytes").GetString()!);
        byte[] actual = new byte[expected.Length];
        GgufQuantizer.Quantise(GgufType.Find(name)!, Filled(), actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void What_does_not_fill_blocks_or_is_not_finite_is_refused()
    {
        GgufType type = GgufType.Find("Q8_0")!;
        Assert.Throws<ArgumentException>(() => GgufBlocks.Dequantise(type, new byte[35], new float[32]));
        Assert.Throws<ArgumentException>(() => GgufBlocks.Dequantise(type, new byte[34], new float[31]));
        Assert.Throws<NotFiniteNumberException>(() => GgufQuantizer.Quantise(type, [float.NaN, .. new float[31]], new byte[34]));
        Assert.Throws<NotFiniteNumberException>(() => GgufQuantizer.Quantise(GgufType.Find("Q4_1")!, [1e30f, .. new float[31]], new byte[20]));
    }

    // What the golden blocks were made of: a hash of the place in "blocks", two of the values set.
    private static float[] Filled()
    {
        float[] values = new float[64];
        for (uint i = 0; i < values.Length; i++)
        {
            uint x = Encoding.ASCII.GetBytes("blocks").Aggregate(2166136261, (hash, letter) => (hash ^ letter) * 16777619) ^ (i * 2654435761);
            x = (x ^ (x >> 16)) * 0x85ebca6b;
            x = (x ^ (x >> 13)) * 0xc2b2ae35;
            values[i] = (float)(((x ^ (x >> 16)) / 4294967296.0) - 0.5);
        }

        (values[5], values[40]) = (0, 1.75f);
        return values;
    }
}
