using System.Buffers.Binary;
using System.Text;
using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks;

public sealed class SafetensorsHostileTests : IDisposable
{
    private const string Valid =
        """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"U8","shape":[],"data_offsets":[16,17]}}""";
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_hand_made_file_is_read()
    {
        byte[] data = new byte[17];
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4), 1.5f);
        data[16] = 200;
        using var file = SafetensorsFile.Open(Save(Bytes(Valid, data)));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(["a", "b"], file.Tensors.Keys.Order());
        Assert.Equal("F32 [2, 2]", file.Tensors["a"].ToString());
        Assert.Equal([0, 1.5f, 0, 0], file.ReadFloats("a"));
        Assert.Equal([200], file.ReadBytes("b"));
        Assert.Contains("'b'", Assert.Throws<WeightsException>(() => file.ReadFloats("b")).Message);
        Assert.Contains("'c'", Assert.Throws<WeightsException>(() => file.ReadBytes("c")).Message);
    }

    [Fact]
    public void Half_types_become_floats_without_libtorch()
    {
        byte[] data = [0x00, 0x3E, 0xC0, 0x3F, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F];
        using var file = SafetensorsFile.Open(Save(Bytes(
            """{"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]},"d":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}""", data)));
        Assert.Equal((1.5f, 1.5f, 1.5f), (file.ReadFloats("h")[0], file.ReadFloats("b")[0], file.ReadFloats("d")[0]));
    }

    [Theory]
    [InlineData("shorter than its own length", 0, "too few")]
    [InlineData("seven bytes", 7, "too few")]
    [InlineData("no room for the header", 8, "claims")]
    [InlineData("cut off in the header", 60, "claims")]
    public void A_file_that_ends_too_early_is_refused(string what, int length, string expected) =>
        Assert.True(Refusal(Bytes(Valid, new byte[17])[..length]).Contains(expected), what);

    [Fact]
    public void A_header_that_claims_more_than_the_file_or_the_limit_is_refused_before_it_is_read()
    {
        byte[] bytes = Bytes(Valid, new byte[17]);
        foreach (ulong claim in new[] { ulong.MaxValue, 1ul << 63, 1ul << 40, 100_000_001ul })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, claim);
            Assert.Contains("claims", Refusal(bytes));
        }

        using (var stream = File.Create(Path.Combine(folder, "large")))
        {
            stream.SetLength(200_000_000);
            stream.Write([0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0]); // 100,000,001
        }

        Assert.Contains("claims", Assert.Throws<WeightsException>(() => SafetensorsFile.Open(Path.Combine(folder, "large"))).Message);
    }

    [Theory]
    [InlineData("", "begin with '{'")]
    [InlineData(" {}", "begin with '{'")]
    [InlineData("[]", "begin with '{'")]
    [InlineData("{", "JSON")]
    [InlineData("{}x", "JSON")]
    [InlineData("{}{}", "JSON")]
    [InlineData("""{"a":1}""", "not an object")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", "JSON")]
    [InlineData("""{"__metadata__":[]}""", "__metadata__")]
    [InlineData("""{"__metadata__":{"a":1}}""", "__metadata__")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", "'a'")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"more":1}}""", "unknown")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0]}}""", "missing")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}""", "missing")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}}""", "at most 2")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[0],"data_offsets":[0,0]}}""", "F8_E4M3")]
    [InlineData("""{"a":{"dtype":"f32","shape":[0],"data_offsets":[0,0]}}""", "'f32'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,0]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,0]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,0]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "overflows")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", "overflows")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0,4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""", "overflows")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", "needs 2 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", "needs 1 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[-1,-1]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", "cut off")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}}""", "overlapping")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}}""", "hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[7],"data_offsets":[1,8]}}""", "hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[7],"data_offsets":[0,7]}}""", "1 bytes after")]
    [InlineData("{}", "8 bytes after")]
    public void A_header_that_breaks_a_rule_is_refused(string header, string expected) =>
        Assert.Contains(expected, Refusal(Bytes(header, new byte[8])));

    [Fact]
    public void Invalid_utf8_too_many_dimensions_and_deep_nesting_are_refused()
    {
        byte[] bytes = Bytes(Valid, new byte[17]);
        bytes[Array.IndexOf(bytes, (byte)'b')] = 0xFF;
        Assert.Contains("UTF-8", Refusal(bytes));
        string ones = string.Join(',', Enumerable.Repeat("1", 65));
        Assert.Contains("at most 64", Refusal(Bytes("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + ones + "],\"data_offsets\":[0,1]}}", new byte[1])));
        Refusal(Bytes("{\"a\":" + new string('[', 100_000), []));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere", Assert.Throws<WeightsException>(() => SafetensorsFile.Open(Path.Combine(folder, "nowhere"))).Message);

    [Fact]
    public void Two_thousand_damaged_files_throw_nothing_else_and_cost_no_memory()
    {
        byte[] valid = Bytes(Valid + "   ", new byte[17]);
        var random = new Random(3);
        int accepted = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = valid.ToArray();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            string path = Save(random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() =>
            {
                using var file = SafetensorsFile.Open(path);
                Assert.All(file.Tensors.Keys, name => file.ReadBytes(name));
                accepted++;
            });
            Assert.True(error is null or WeightsException, error?.ToString());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000); // exceptions and file handles, not claimed sizes
        }

        Assert.InRange(accepted, 20, 1900);
    }

    private string Refusal(byte[] bytes)
    {
        string path = Save(bytes);
        string message = Assert.Throws<WeightsException>(() => SafetensorsFile.Open(path)).Message;
        Assert.StartsWith(path, message);
        return message;
    }

    private string Save(byte[] bytes)
    {
        string path = Path.Combine(folder, "file.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Bytes(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}
