using System.Diagnostics;

namespace TransferLab.Chat.Tests;

/// <summary><c>chat</c> and <c>serve</c> as a person runs them.</summary>
public sealed class TalkCommandTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Chat_answers_lines_and_says_what_answers()
    {
        using Process chat = CommandProcess.Start("chat", "--model", tiny.Folder, "--max-tokens", "4", "--precision", "float32");
        Task<string> output = chat.StandardOutput.ReadToEndAsync(), error = chat.StandardError.ReadToEndAsync();
        await chat.StandardInput.WriteLineAsync("Hello");
        chat.StandardInput.Close();
        await chat.WaitForExitAsync().WaitAsync(s_limit);

        Assert.True(chat.ExitCode == 0, await error);
        Assert.NotEmpty((await output).Trim());
        Assert.Contains("template  smollm2; without a system turn it writes its own, 'You are a helpful AI assistant named SmolLM, trained by Hugging Face', ",
            await error, StringComparison.Ordinal);
        Assert.Contains("licence   not stated", await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_show_marks_what_is_trained()
    {
        string folder = Directory.CreateTempSubdirectory("show-").FullName, rows = Path.Combine(folder, "rows.jsonl"), page = Path.Combine(folder, "rows.html");
        await File.WriteAllTextAsync(rows, """{"messages":[{"role":"user","content":"A <b>question</b>"},{"role":"assistant","content":"An answer"}]}""");
        using Process show = CommandProcess.Start("chat", "show", rows, "--model", tiny.Folder, "--html", page);
        string output = await show.StandardOutput.ReadToEndAsync(), error = await show.StandardError.ReadToEndAsync();
        await show.WaitForExitAsync().WaitAsync(s_limit);

        Assert.True(show.ExitCode == 0, error);
        Assert.Contains("[[An answer<|im_end|>]]", output, StringComparison.Ordinal);
        Assert.Contains("<mark>An answer&lt;|im_end|&gt;</mark>", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [SkippableFact]
    public async Task Serve_answers_until_it_is_interrupted()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "sends a signal");
        using Process serve = CommandProcess.Start("serve", "--model", tiny.Folder, "--port", "0");
        string line = await CommandProcess.ServingAsync(serve, s_limit);
        Assert.Contains("as model 'tiny'", line, StringComparison.Ordinal);
        using HttpClient http = new();
        Assert.Contains("\"id\":\"tiny\"", await http.GetStringAsync(new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] + "/models")),
            StringComparison.Ordinal);
        await CommandProcess.InterruptAsync(serve, s_limit);
        Assert.True(serve.ExitCode == 0, await serve.StandardError.ReadToEndAsync());
    }

    [Theory]
    [InlineData("chat", "--model: name a language model")]
    [InlineData("chat --model minilm", "is a backbone for features, and no language model")]
    [InlineData("chat --model absent.gguf", "no file or folder 'absent.gguf'")]
    [InlineData("serve --model x --host nowhere", "is no IP address")]
    [InlineData("serve --model x --host 0.0.0.0", "needs --api-key")]
    [InlineData("serve --model x --api-key short", "--api-key: A key has 8 to 256")]
    [InlineData("serve --model x --port 70000", "--port 70000")]
    public async Task A_command_line_that_cannot_be_used_is_one_line(string line, string says)
    {
        using Process process = CommandProcess.Start(line.Split(' '));
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(s_limit);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(says, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
