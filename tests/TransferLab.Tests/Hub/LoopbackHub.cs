using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TransferLab.Tests.Hub;

/// <summary>A hub on this machine, with one model; large files are on a second host, as the hub's are. <see cref="Twist"/> makes it misbehave.</summary>
internal sealed class LoopbackHub : IDisposable
{
    private readonly Dictionary<string, byte[]> _files = [];

    public LoopbackHub()
    {
        Server = new(asked => Twist(asked, Answer(asked)));
        Storage = new(asked => Twist(asked, Stored(asked)));
    }

    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public string Model { get; init; } = "owner/name";

    public string? Token { get; init; }

    public LoopbackServer Server { get; }

    public LoopbackServer Storage { get; }

    /// <summary>Looks at a request and its right answer, and gives the answer that is sent.</summary>
    public Func<Asked, Answer, Answer> Twist { get; set; } = (_, answer) => answer;

    public bool ListsHashes { get; set; } = true;

    public LoopbackHub Add(string name, byte[] content)
    {
        _files[name] = content;
        return this;
    }

    public LoopbackHub Add(string name, string content) => Add(name, Encoding.UTF8.GetBytes(content));

    public static string Sha256(byte[] content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();

    public static string GitHash(byte[] content) =>
        Convert.ToHexString(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content])).ToLowerInvariant();

    public static bool IsLarge(string name) => Path.GetExtension(name) is ".safetensors" or ".bin" or ".gguf" or ".onnx";

    public static string HashOf(string name, byte[] content) => IsLarge(name) ? Sha256(content) : GitHash(content);

    public void Dispose()
    {
        Server.Dispose();
        Storage.Dispose();
    }

    private Answer Answer(Asked asked)
    {
        if (Token is not null && asked.Authorization != $"Bearer {Token}")
        {
            return TransferLab.Tests.Hub.Answer.Text(asked.Authorization is null ? 401 : 403).With("X-Error-Code", "GatedRepo")
                .With("X-Error-Message", $"Access to model {Model} is restricted.");
        }

        if (asked.Path is var path && path.StartsWith($"/api/models/{Model}/revision/", StringComparison.Ordinal))
        {
            string revision = Uri.UnescapeDataString(path.Split('/')[^1].Split('?')[0]);
            return revision is "main" or "v1" or "refs/pr/7" or Commit
                ? TransferLab.Tests.Hub.Answer.Text(200, Listing())
                : TransferLab.Tests.Hub.Answer.Text(404).With("X-Error-Code", "RevisionNotFound");
        }

        string start = $"/{Model}/resolve/{Commit}/";
        if (!path.StartsWith(start, StringComparison.Ordinal))
        {
            return TransferLab.Tests.Hub.Answer.Text(401, "Invalid username or password.").With("X-Error-Message", "Invalid username or password.");
        }

        string name = Uri.UnescapeDataString(path[start.Length..]);
        if (!_files.TryGetValue(name, out byte[]? content))
        {
            return TransferLab.Tests.Hub.Answer.Text(404).With("X-Error-Code", "EntryNotFound");
        }

        return (IsLarge(name)
            ? TransferLab.Tests.Hub.Answer.Text(302).With("Location", $"http://localhost:{Storage.Port}/{Uri.EscapeDataString(name)}?signature=1")
                .With("X-Linked-Etag", $"\"{Sha256(content)}\"").With("X-Linked-Size", content.Length.ToString(CultureInfo.InvariantCulture))
            : Ranged(asked, content).With("ETag", $"\"{GitHash(content)}\"")).With("X-Repo-Commit", Commit);
    }

    private Answer Stored(Asked asked) => Ranged(asked, _files[Uri.UnescapeDataString(asked.Path[1..].Split('?')[0])]).With("ETag", "\"of-the-storage\"");

    private static Answer Ranged(Asked asked, byte[] content)
    {
        long from = asked.From;
        return from == 0 ? new(200, content)
            : from >= content.Length ? TransferLab.Tests.Hub.Answer.Text(416)
            : new Answer(206, content[(int)from..]).With("Content-Range",
                string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{content.Length - 1}/{content.Length}"));
    }

    private string Listing() => JsonSerializer.Serialize(new
    {
        id = Model,
        sha = Commit,
        siblings = _files.Select(file => (object)(!ListsHashes ? new { rfilename = file.Key }
            : IsLarge(file.Key) ? new
            {
                rfilename = file.Key,
                size = file.Value.Length,
                blobId = new string('a', 40),
                lfs = new
                {
                    sha256 = Sha256(file.Value),
                    size = file.Value.Length,
                    pointerSize = 134,
                }
            }
            : new { rfilename = file.Key, size = file.Value.Length, blobId = GitHash(file.Value) })),
    });
}
