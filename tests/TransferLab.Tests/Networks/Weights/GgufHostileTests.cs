using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>GGUF files that are damaged or mean harm are refused in one line, before they take memory.</summary>
public sealed class GgufHostileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_hand_made_file_is_read_in_both_versions()
    {
        foreach (byte version in new byte[] { 2, 3 })
        {
            byte[] bytes = [.. GgufFixture.Valid];
            bytes[4] = version;
            using IWeightFile file = WeightFile.Open(Save(bytes));
            Assert.Equal($"GGUF {version}", file.Format);
            Assert.Equal(["F32 [2, 2]", "Q8_0 [1, 32]"], file.Tensors.Values.Select(entry => entry.ToString()));
            Assert.Equal(new float[32], file.ReadFloats("b"));
            Assert.Equal(["a", "b"], ((GgufFile)file).Metadata.Texts("list"));
        }
    }

    [Fact]
    public void Headers_that_claim_too_much_are_refused()
    {
        Assert.Contains("are left", Refusal("GGUF"u8.ToArray()));
        Assert.Contains("version is 1", Refusal(new GgufFixture(1)));
        Assert.Contains("version is 4", Refusal(new GgufFixture(4)));
        Assert.Contains("big-endian", Refusal(new GgufFixture(0x03000000)));
        Assert.Contains("claims 18446744073709551615 tensors", Refusal(new GgufFixture(3, ulong.MaxValue)));
        Assert.Contains("claims 9223372036854775808 metadata", Refusal(new GgufFixture(3, 0, 1ul << 63)));
        Assert.Contains("claims 5 tensors", Refusal(new GgufFixture(3, 5)));
        Assert.Contains("a key of 65536 bytes", Refusal(new GgufFixture(3, 0, 1).UInt64(65536).Pad(70000)));
        Assert.Contains("are left", Refusal(Value(8).UInt64(1ul << 62)));
        Assert.Contains("are left", Refusal(Value(9).UInt32(4).UInt64(ulong.MaxValue / 2)));
        Assert.Contains("are left", Refusal(Value(9).UInt32(12).UInt64(1ul << 61)));
        Assert.Contains("claim 1152921504606846976 texts", Refusal(Value(9).UInt32(8).UInt64(1ul << 60)));
        Assert.Contains("list of lists", Refusal(Value(9).UInt32(9).UInt64(1)));
        Assert.Contains("unknown type 13", Refusal(Value(13)));
        Assert.Contains("unknown type 77", Refusal(Value(9).UInt32(77).UInt64(0)));
        Assert.Contains("neither 0 nor 1", Refusal(Value(7).Raw(2)));
        Assert.Contains("UTF-8", Refusal(Value(8).UInt64(1).Raw(0xff)));
        Assert.Contains("appear twice", Refusal(new GgufFixture(3, 0, 2).Text("k").UInt32(0).Raw(1).Text("k").UInt32(0).Raw(1)));
        Assert.Contains("one of 3 parts", Refusal(new GgufFixture(3, 0, 1).Text("split.count").UInt32(2).Raw(3, 0)));
        foreach (uint alignment in new uint[] { 0, 4, 12, 1u << 31 })
        {
            Assert.Contains($"general.alignment is {alignment}", Refusal(new GgufFixture(3, 0, 1).Text("general.alignment").UInt32(4).UInt32(alignment)));
        }
    }

    [Fact]
    public void Tensors_that_break_a_rule_are_refused_by_name()
    {
        Assert.Contains("'t': it has 5 dimensions", Refusal(One([1, 1, 1, 1, 1], 0, 0)));
        Assert.Contains("'t': a dimension of 18446744073709551615", Refusal(One([ulong.MaxValue], 0, 0)));
        Assert.Contains("'t': its shape [4294967296, 4294967296] overflows", Refusal(One([1ul << 32, 1ul << 32], 0, 0)));
        Assert.Contains("overflows", Refusal(One([0, 1ul << 62, 4], 0, 0)));
        Assert.Contains("overflows", Refusal(One([1ul << 60], 28, 0)));
        Assert.Contains("'t': its rows of 33 values are not whole blocks of 32 (Q8_0)", Refusal(One([33], 8, 0)));
        Assert.Contains("'t': its offset 16", Refusal(One([1], 0, 16)));
        Assert.Contains("'t': its offset 18446744073709551584", Refusal(One([1], 0, ulong.MaxValue - 31)));
        Assert.Contains("cut off", Refusal(One([17], 0, 0)));
        Assert.Contains("cut off", Refusal(One([1], 0, 64)));
        Assert.Contains("appears twice", Refusal(new GgufFixture(3, 2).Tensor("t", [1], 0, 0).Tensor("t", [1], 0, 32).Pad(64)));
        Assert.Contains("'b': it overlaps tensor 'a'", Refusal(new GgufFixture(3, 2).Tensor("a", [16], 0, 0).Tensor("b", [1], 0, 32).Pad(64)));
        Assert.Contains("name of 65 bytes", Refusal(new GgufFixture(3, 1).Tensor(new string('t', 65), [1], 0, 0).Pad(64)));
    }

    [Fact]
    public void A_type_that_is_not_read_matters_only_where_it_is_needed()
    {
        using IWeightFile file =
            WeightFile.Open(Save(new GgufFixture(3, 3).Tensor("a", [1], 0, 0).Tensor("b", [256], 23, 32).Tensor("c", [1], 99, 32).Pad(64).Bytes));
        Assert.Equal([0], file.ReadFloats("a"));
        Assert.Contains("'b' is IQ4_XS, which is not read", Assert.Throws<WeightsException>(() => file.ReadFloats("b")).Message);
        Assert.Contains("'c' is type 99, which is not read", Assert.Throws<WeightsException>(() => file.ReadFloats("c")).Message);
    }

    [Fact]
    public void The_alignment_is_the_files_own()
    {
        byte[] bytes = new GgufFixture(3, 1, 1).Text("general.alignment").UInt32(4).UInt32(64).Tensor("t", [1], 0, 0).Pad(0, 64).Raw(0, 0, 128, 63).Bytes;
        using IWeightFile file = WeightFile.Open(Save(bytes));
        Assert.Equal([1], file.ReadFloats("t"));
    }

    private static GgufFixture Value(uint type) => new GgufFixture(3, 0, 1).Text("key").UInt32(type);

    private static GgufFixture One(ulong[] shape, uint type, ulong offset) => new GgufFixture(3, 1).Tensor("t", shape, type, offset).Pad(64);

    private string Refusal(GgufFixture file) => Refusal(file.Bytes);

    private string Refusal(byte[] bytes)
    {
        string path = Save(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<WeightsException>(() => WeightFile.Open(path).Dispose()).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.StartsWith(path, message);
        return message;
    }

    private string Save(byte[] bytes)
    {
        string path = Path.Combine(folder, "file.gguf");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
