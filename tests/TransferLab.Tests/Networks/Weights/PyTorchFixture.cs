using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace TransferLab.Tests.Networks.Weights;

/// <summary>Makes files in both forms of torch.save around a pickle.</summary>
internal static class PyTorchFixture
{
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356");

    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Data)[] storages) =>
        ZipOf([("archive/data.pkl", pickle), .. storages.Select(storage => ($"archive/data/{storage.Key}", storage.Data)),
            ("archive/version", "3\n"u8.ToArray())]);

    public static byte[] ZipOf(params (string Name, byte[] Data)[] entries) => ZipOf(CompressionLevel.NoCompression, entries);

    public static byte[] ZipOf(CompressionLevel level, params (string Name, byte[] Data)[] entries)
    {
        MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, data) in entries)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(data);
            }
        }

        return stream.ToArray();
    }

    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Data)[] storages) => Legacy(pickle, littleEndian: true, storages);

    public static byte[] Legacy(byte[] pickle, bool littleEndian, params (string Key, long Count, byte[] Data)[] storages)
    {
        byte[] magic = Magic.ToByteArray();
        byte[] first = new PickleWriter().Raw(0x8a, (byte)magic.Length).Raw(magic).End();
        byte[] version = new PickleWriter().Number(1001).End();
        byte[] system = new PickleWriter().Op('}').Op('(').Text("protocol_version").Number(1001).Text("little_endian")
            .Raw(littleEndian ? (byte)0x88 : (byte)0x89).Op('u').End();
        PickleWriter keys = new PickleWriter().Op(']').Op('(');
        foreach (var (key, _, _) in storages)
        {
            keys.Text(key);
        }

        MemoryStream stream = new();
        foreach (byte[] part in new[] { first, version, system, pickle, keys.Op('e').End() })
        {
            stream.Write(part);
        }

        byte[] length = new byte[8];
        foreach (var (_, count, data) in storages)
        {
            BinaryPrimitives.WriteInt64LittleEndian(length, count);
            stream.Write(length);
            stream.Write(data);
        }

        return stream.ToArray();
    }

    public static byte[] Floats(params float[] values) => values.SelectMany(BitConverter.GetBytes).ToArray();
}
