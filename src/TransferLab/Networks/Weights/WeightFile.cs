using System.Text;

namespace TransferLab.Networks.Weights;

/// <summary>Opens weights of any format that is known, told by what is in the file and not by its name.</summary>
internal static class WeightFile
{
    private static readonly string[] Indexes = ["model.safetensors.index.json", "pytorch_model.bin.index.json"];
    private static readonly string[] Usual = ["model.safetensors", "pytorch_model.bin", "adapter_model.safetensors"];

    /// <summary>Opens a file, an index of shards (<c>*.index.json</c>), or a folder that holds one of them.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="section">For a PyTorch file: which of its dictionaries; see <see cref="PyTorchFile.Open"/>.</param>
    /// <exception cref="WeightsException">It is missing, of no known format - the message names what was found - or breaks a rule of its format.</exception>
    public static IWeightFile Open(string path, string? section = null)
    {
        if (Directory.Exists(path))
        {
            return Open(InFolder(path), section);
        }

        byte[] head = Head(path);
        IWeightFile? file = head switch
        {
            _ when head.AsSpan().StartsWith("GGUF"u8) => GgufFile.Open(path),
            _ when IsPyTorch(head) => PyTorchFile.Open(path, section),
            _ when head is [_, _, _, _, _, _, _, _, (byte)'{', ..] && (head[7] == 0 || head[0] != '{') => SafetensorsFile.Open(path),
            _ when head.AsSpan().TrimStart(" \r\n\t"u8) is [(byte)'{', ..] => ShardedWeights.Open(path),
            _ => null,
        };
        if (file is not null && section is not null and not "" && file is not PyTorchFile)
        {
            file.Dispose();
            throw new WeightsException($"{path}: has no part named '{section}': only PyTorch files have parts, and this is {file.Format}");
        }

        return file ?? throw new WeightsException($"{path}: is not safetensors, PyTorch or GGUF but {Found(head)}");
    }

    /// <summary>Whether a path is a folder without a file of weights.</summary>
    /// <exception cref="WeightsException">It cannot be read.</exception>
    public static bool HoldsNone(string path) => Directory.Exists(path) && Candidates(path).Length == 0;

    /// <summary>Whether a file that begins so is a zip archive or a pickle. The length with which safetensors begin may have the first bytes of either: what
    /// follows tells.</summary>
    internal static bool IsPyTorch(byte[] head) => head is not [_, _, _, _, _, _, _, _, (byte)'{', ..]
        && (head.AsSpan().StartsWith("PK\x03\x04"u8) || head.AsSpan().StartsWith("PK\x05\x06"u8) || PyTorchArchive.IsLegacy(head));

    internal static byte[] Head(string path)
    {
        using var bytes = FileBytes.Open(path);
        return bytes.Head(512);
    }

    private static string InFolder(string folder) => Candidates(folder) switch
    {
        [var single] => single,
        [] => throw new WeightsException(
            $"{folder}: holds no weights: no {string.Join(", ", [.. Indexes, .. Usual])}, and no other .safetensors, .gguf, .pth, .pt, .th or .bin file"),
        var several => throw new WeightsException(
            $"{folder}: holds several files of weights, name one: "
                + $"{string.Join(", ", several.Take(8).Select(Path.GetFileName))}{(several.Length > 8 ? ", ..." : "")}"),
    };

    /// <summary>The file with the usual name, or all that may be one.</summary>
    private static string[] Candidates(string folder)
    {
        try
        {
            return Indexes.Concat(Usual).FirstOrDefault(name => File.Exists(Path.Combine(folder, name))) is { } usual
                ? [Path.Combine(folder, usual)]
                : [.. Directory.GetFiles(folder)
                    .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".safetensors" or ".gguf" or ".pth" or ".pt" or ".th" or ".bin")
                    .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{folder}: cannot be read ({e.Message})", e);
        }
    }

    // What people really have at hand when it is none of the three.
    private static string Found(ReadOnlySpan<byte> head)
    {
        string text = Encoding.Latin1.GetString(head).TrimStart();
        return head switch
        {
            [] => "empty",
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file (Keras)",
            [0x1f, 0x8b, ..] => "compressed by gzip: unpack it first",
            [(byte)'B', (byte)'Z', (byte)'h', ..] or [0x28, 0xb5, 0x2f, 0xfd, ..] or [0xfd, (byte)'7', (byte)'z', ..] => "compressed: unpack it first",
            [0x93, (byte)'N', (byte)'U', (byte)'M', ..] => "an array of NumPy",
            [0x08, <= 20, 0x12, ..] => "probably an ONNX model: it is a backbone by itself, not a file of weights",
            [0x80, <= 5, ..] => "a pickle, but not one of torch.save: save it again by torch.save(network.state_dict(), ...)",
            _ when text.StartsWith("version https://git-lfs", StringComparison.Ordinal) => "a pointer of Git LFS, not the file itself: fetch it (git lfs pull)",
            _ when text.StartsWith('<') => "a web page, perhaps an error message of the download: get the file again",
            _ when text[..Math.Min(4, text.Length)] is "lmgg" or "tjgg" or "fmgg" or "algg" => "a GGML file, the form before GGUF: convert it",
            _ when head.Length > 262 && head.Slice(257, 5).SequenceEqual("ustar"u8) =>
                "a tar archive (PyTorch before 0.1.10 wrote such): unpack it, or save the weights again",
            _ => $"of no known kind (it begins with {Convert.ToHexString(head[..Math.Min(8, head.Length)])})",
        };
    }
}
