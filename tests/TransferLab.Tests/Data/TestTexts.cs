using System.Text;
using TransferLab.Data;

namespace TransferLab.Tests.Data;

/// <summary>A temporary folder, and text files made in it.</summary>
internal sealed class TestTexts : IDisposable
{
    /// <summary>Two classes, enough for a split.</summary>
    public const string Small = "text,label\none,a\ntwo,b\nthree,a\nfour,b\n";

    public string Folder { get; } = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public string Save(string name, string text) => Save(name, new UTF8Encoding(false).GetBytes(text));

    public string Save(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>All examples of a single file, in its order.</summary>
    public Example[] All(string name, string text, TextDataOptions? options = null) => All(Save(name, text), options);

    public static Example[] All(string path, TextDataOptions? options = null)
    {
        var data = TextData.Read(path, options);
        return data.Train.Concat(data.Test).OrderBy(example => example.Name, StringComparer.Ordinal).ToArray();
    }

    /// <summary>The message with which a file is refused.</summary>
    public string Refusal(string name, string text, TextDataOptions? options = null) => Refusal(Save(name, text), options);

    public static string Refusal(string path, TextDataOptions? options = null) =>
        Assert.Throws<DataException>(() => TextData.Read(path, options)).Message;

    public void Dispose() => Directory.Delete(Folder, true);
}
