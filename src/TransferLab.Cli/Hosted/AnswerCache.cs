using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TransferLab.Comparison;
using TransferLab.Data;

namespace TransferLab.Cli.Hosted;

/// <summary>
/// Answers that were paid for, a line each, on disk as soon as they are there: what is asked again, with the same words to the same model, is taken from here.
/// Requests are told apart by a hash, and the file holds neither them nor a key.
/// </summary>
internal sealed class AnswerCache
{
    private const string FileName = "hosted-answers.jsonl";
    private readonly string _path;
    private readonly Dictionary<string, AnswerResult> _answers = [];

    /// <summary>Opens that of an output folder; lines that a killed process left half-written are passed over.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="restart">Whether what is there is forgotten.</param>
    public AnswerCache(string folder, bool restart)
    {
        _path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "runs")).FullName, FileName);
        if (restart)
        {
            File.Delete(_path);
        }

        foreach (Line line in File.Exists(_path) ? File.ReadLines(_path).Select(Read).OfType<Line>() : [])
        {
            _answers[line.Request] = line.Answer;
        }
    }

    /// <summary>How many are kept.</summary>
    public int Count => _answers.Count;

    /// <summary>Names a request.</summary>
    /// <param name="host">Who is asked.</param>
    /// <param name="model">The model's name there.</param>
    /// <param name="asked">What is sent.</param>
    /// <param name="answerTokens">Most tokens of the answer.</param>
    public static string Name(ModelHost host, string model, Conversation asked, int answerTokens)
    {
        IEnumerable<string> turns =
            asked.Turns.Select(turn => $"{turn.Role}\u0001{turn.Name}\u0001{turn.Content}\u0001{string.Join('\u0001', turn.ToolCalls)}");
        string[] parts = [host.ToString(), model, FormattableString.Invariant($"{answerTokens}"), asked.Tools ?? "", .. turns];
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u0002', parts)))).ToLowerInvariant();
    }

    /// <summary>The answer to a request; null where there is none yet.</summary>
    public AnswerResult? Find(string request) => _answers.GetValueOrDefault(request);

    /// <summary>Keeps an answer, on disk before this returns.</summary>
    public void Add(string request, AnswerResult answer)
    {
        using FileStream file = new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        bool isCut = file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes($"{(isCut ? "\n" : "")}{JsonSerializer.Serialize(new Line(request, answer))}\n"));
        file.Flush(flushToDisk: true);
        _answers[request] = answer;
    }

    private static Line? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text) is { Request: not null, Answer: not null } line ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Line(string Request, AnswerResult Answer);
}
