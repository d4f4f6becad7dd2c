using System.Diagnostics;
using System.Text;
using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>
/// Damages small valid files of every format at random, by a seed, and opens and reads them. The only thing that may come out, beside values, is a
/// WeightsException of one line; memory and time are bounded.
/// </summary>
internal sealed class WeightFuzzer(string folder, int seed)
{
    private const long MaxBytes = 24 << 20; // A view may repeat its storage to a million elements; everything else is far below.
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);
    private static readonly ulong[] Interesting = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, ulong.MaxValue];
    private readonly (string Format, byte[] Bytes)[] valid = Valid();
    private readonly Random random = new(seed);

    /// <summary>Files that were taken and refused, by format.</summary>
    public SortedDictionary<string, (int Accepted, int Refused)> Counts { get; } = [];

    /// <summary>Damages and reads one file.</summary>
    /// <returns>Null, or what went wrong; the file is then kept in the folder.</returns>
    public string? Step()
    {
        var (format, bytes) = valid[random.Next(valid.Length)];
        byte[] damaged = Damage(bytes);
        string path = Path.Combine(folder, "fuzzed");
        File.WriteAllBytes(path, damaged);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        string? problem = Read(path, out bool accepted);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        problem ??= allocated > MaxBytes ? $"took {allocated} bytes for a file of {damaged.Length}"
            : Stopwatch.GetElapsedTime(started) > MaxTime ? $"took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"
            : null;
        var (taken, refused) = Counts.GetValueOrDefault(format);
        Counts[format] = accepted ? (taken + 1, refused) : (taken, refused + 1);
        if (problem is null)
        {
            return null;
        }

        string kept = Path.Combine(folder, $"failed-{format}-{Guid.NewGuid():N}");
        File.Move(path, kept);
        return $"{kept}: {problem}";
    }

    private static string? Read(string path, out bool accepted)
    {
        accepted = false;
        try
        {
            using IWeightFile file = WeightFile.Open(path);
            accepted = true;
            foreach (string name in file.Tensors.Keys.Take(3))
            {
                if (Refusal(() => file.ReadFloats(name)) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }
        catch (WeightsException e)
        {
            return OneLine(e);
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    private static string? Refusal(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (WeightsException e)
        {
            return OneLine(e);
        }
    }

    private static string? OneLine(WeightsException e) => e.Message.Any(char.IsControl) || e.Message.Length > 2000
        ? $"a message that is no short line: {e.Message}"
        : null;

    private byte[] Damage(byte[] bytes)
    {
        List<byte> damaged = [.. bytes];
        for (int changes = random.Next(1, 5); changes > 0 && damaged.Count > 0; changes--)
        {
            int place = random.Next(damaged.Count);
            int length = Math.Min(damaged.Count - place, random.Next(1, 40));
            switch (random.Next(8))
            {
                case 0:
                    damaged[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[place] = (byte)random.Next(256);
                    break;
                case 2 or 3:
                    byte[] value = BitConverter.GetBytes(Interesting[random.Next(Interesting.Length)] + (ulong)random.Next(-2, 3));
                    for (int i = 0; i < Math.Min(1 << random.Next(4), damaged.Count - place); i++)
                    {
                        damaged[place + i] = value[i];
                    }

                    break;
                case 4:
                    damaged.RemoveRange(place, length);
                    break;
                case 5:
                    damaged.InsertRange(place, damaged.GetRange(place, length));
                    break;
                case 6:
                    byte[] other = valid[random.Next(valid.Length)].Bytes;
                    damaged.InsertRange(place, other.AsSpan(random.Next(other.Length / 2), Math.Min(other.Length / 2, length)));
                    break;
                default: // an instruction of a pickle for another, or a shorter file
                    damaged[place] = (byte)"().NqhRb}]tuQcX0"[random.Next(16)];
                    if (random.Next(4) == 0)
                    {
                        damaged.RemoveRange(place, damaged.Count - place);
                    }

                    break;
            }
        }

        return [.. damaged];
    }

    private static (string Format, byte[] Bytes)[] Valid()
    {
        byte[] floats = PyTorchFixture.Floats([.. Enumerable.Range(0, 12).Select(i => (float)i)]);
        PickleWriter Pickle(bool legacy) => new PickleWriter().Op('}').Op('(').Text("epoch").Number(3).Text("state_dict").OrderedDictionary().Op('q').Raw(1)
            .Op('(')
            .Text("w").Tensor("FloatStorage", "0", 12, 0, [3, 4], [4, 1], legacy)
            .Text("t").Tensor("FloatStorage", "0", 12, 0, [4, 3], [1, 4], legacy)
            .Text("e").Tensor("FloatStorage", "0", 12, 11, [3], [0], legacy).Op('u').Op('h').Raw(1).Op('0').Op('u');
        const string Header =
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"F16","shape":[2],"data_offsets":[16,20]}}""";
        return
        [
            ("safetensors", [.. BitConverter.GetBytes((long)Header.Length), .. Encoding.UTF8.GetBytes(Header), .. floats.AsSpan(0, 20)]),
            ("pytorch-zip", PyTorchFixture.Zip(Pickle(false).End(), ("0", floats))),
            ("pytorch-legacy", PyTorchFixture.Legacy(Pickle(true).End(), ("0", 12, floats))),
            ("gguf", GgufFixture.Valid),
            ("index",
                """{"metadata":{"total_size":12},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}"""u8.ToArray()),
        ];
    }
}
