using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.AI;
using TransferLab.Backbones;
using TransferLab.ChatData;
using TransferLab.Cli;
using TransferLab.Models;

namespace TransferLab.Chat.Tests;

/// <summary>
/// Ways that a comparison kept, asked again as a user asks them: <c>chat</c> and <c>serve</c> as processes, and <see cref="IChatClient"/> in a program.
/// </summary>
public sealed class SavedWayTests : IDisposable
{
    private const string Ways = "prompt,few-shot,rag,lora+rag,last-1+few-shot";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("saved-ways-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public async Task Chat_serve_and_the_chat_client_answer_as_predictions_say_in_every_context(string precision)
    {
        bool isSlow = Environment.GetEnvironmentVariable("TRANSFERLAB_SLOW") == "1";
        Skip.IfNot(OperatingSystem.IsLinux() && isSlow, "starts eleven processes; TRANSFERLAB_SLOW=1 is not set");
        string world = SmallWorldTask.Folder();
        await CommandProcess.RunAsync("", s_limit, [
            "compare", "--chat", world, "--documents", Path.Combine(world, SmallWorldTask.Documents), "--model", SmallWorld.Name, "--strategies", Ways,
            "--questions", "2", "--train", "8", "--epochs", "1", "--answer-tokens", "12", "--precision", precision, "--out", _folder]);

        foreach (string way in Ways.Split(','))
        {
            (string[] asked, string[] answered) = Predictions(way);
            Assert.Equal(2, asked.Length);
            string folder = Path.Combine(_folder, "models", way);
            Assert.Equal(precision, SavedWay.Read(folder).Precision);

            // No option says how: the way itself knows its precision, its passages and the length of its answers.
            string said = await CommandProcess.RunAsync(string.Concat(asked.Select(question => $"{question}\n/reset\n")), s_limit, "chat", "--model", folder);
            Assert.True(string.Concat(answered.Select(answer => answer + "\n")) == said, $"{way}, chat: {said}");
            Assert.Equal(answered, await ServedAsync(folder, way, asked));
            using LanguageModelChatClient client = new(LanguageModel.Open(folder, openIndex: Library.OpenIndex));
            foreach ((string question, string answer) in asked.Zip(answered))
            {
                Assert.Equal(answer, (await client.GetResponseAsync(question)).Text);
            }
        }
    }

    private static async Task<List<string>> ServedAsync(string folder, string way, string[] asked)
    {
        using Process serve = CommandProcess.Start("serve", "--model", folder, "--port", "0");
        string endpoint = (await CommandProcess.ServingAsync(serve, s_limit)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        using HttpClient http = new();
        List<string> answers = [];
        foreach (string question in asked)
        {
            object body = new { model = way, messages = new[] { new { role = "user", content = question } } };
            using HttpResponseMessage response = await http.PostAsJsonAsync($"{endpoint}/chat/completions", body);
            string text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            using var json = JsonDocument.Parse(text);
            answers.Add(json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!);
        }

        await CommandProcess.InterruptAsync(serve, s_limit);
        Assert.Equal(0, serve.ExitCode);
        return answers;
    }

    private (string[] Asked, string[] Answered) Predictions(string way)
    {
        SourceRow[] rows = [.. SourceRows.Read(Path.Combine(_folder, "predictions", $"{way}-seed1.csv"))];
        return ([.. rows.Select(row => row.Values["question"])], [.. rows.Select(row => row.Values["predicted"])]);
    }
}
