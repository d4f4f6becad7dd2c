using System.Security.Cryptography;
using TransferLab.Runtime;

namespace TransferLab.Backbones;

/// <summary>
/// The language model of the small world: some five million parameters that read passages of it and answer, and know nothing else. It is made by the project:
/// data, vocabulary and weights.
/// </summary>
/// <example><code>
/// using LanguageModel model = LanguageModel.Open(SmallWorld.Folder());
/// Console.WriteLine(model.Answer("Bramo Stanley was born in Colwick.\n\nQuestion: Where was Bramo Stanley born?"));
/// </code></example>
public static class SmallWorld
{
    /// <summary>Name of the model.</summary>
    public const string Name = "small-world";

    private const string Prefix = "model/";

    /// <summary>
    /// The model's folder in the hub's layout, which everything that takes a language model takes. It is written into the user's cache at the first call, and
    /// whenever a file there is not of the right size.
    /// </summary>
    /// <exception cref="IOException">The cache cannot be written to.</exception>
    public static string Folder()
    {
        string folder = Path.Combine(UserFolders.Cache, "models", $"{Name}-{s_version.Value}");
        foreach (string resource in Resources())
        {
            string path = Path.Combine(folder, resource[Prefix.Length..]);
            using Stream content = Open(resource);
            if (!File.Exists(path) || new FileInfo(path).Length != content.Length)
            {
                WholeFile.Write(path, content.CopyTo);
            }
        }

        return folder;
    }

    private static readonly Lazy<string> s_version = new(() =>
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string resource in Resources())
        {
            using Stream content = Open(resource);
            using MemoryStream bytes = new();
            content.CopyTo(bytes);
            hash.AppendData(bytes.GetBuffer(), 0, (int)bytes.Length);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant()[..12];
    });

    private static IEnumerable<string> Resources() =>
        typeof(SmallWorld).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static Stream Open(string resource) => typeof(SmallWorld).Assembly.GetManifestResourceStream(resource)!;
}
