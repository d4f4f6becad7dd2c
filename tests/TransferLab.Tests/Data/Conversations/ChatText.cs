using TransferLab.Data;

namespace TransferLab.Tests.Data.Conversations;

/// <summary>Chat files of a few lines, in a folder that goes away.</summary>
internal sealed class ChatText : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("chat-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public ChatReport Check(string text, ChatHost? host = null, string name = "train.jsonl") =>
        ChatCheck.Run(Write(name, text), new() { Host = host ?? ChatHost.OpenAI });

    /// <summary>One row of one question and one answer.</summary>
    public static string Row(string question, string answer) =>
        System.Text.Json.JsonSerializer.Serialize(
            new { messages = new[] { new { role = "user", content = question }, new { role = "assistant", content = answer } } });
}
