using TransferLab.Tests.Data.Conversations;

namespace TransferLab.Tests.Cli;

public sealed class ChatCommandTests : IDisposable
{
    private readonly ChatText _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Conversations_are_made_checked_and_mended()
    {
        string csv = _files.Write("faq.csv", "q,a\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"What is {i} plus 1?,{i + 1}.\n")) + "Why?,\n"),
            made = Path.Combine(_files.Folder, "faq.jsonl");
        (int code, string output, string error) = CliProcess.Run("chat", "make", "--from", csv, "--prompt", "{q}", "--answer", "{a}", "--out", made,
            "--license", "CC0");
        Assert.True(code == 0, error);
        Assert.Contains("left out  rows without an answer: 1 (line 14)", output, StringComparison.Ordinal);
        Assert.Contains("license   CC0", output, StringComparison.Ordinal);

        (code, output, error) = CliProcess.Run("chat", "check", made);
        Assert.True(code == 0, error + output);
        Assert.Contains("rows      12, 12 without a fault", output, StringComparison.Ordinal);

        File.AppendAllText(made, """{"messages":[{"role":"human","content":"q"},{"role":"assistant","content":"a"}]}""");
        string mended = Path.Combine(_files.Folder, "fixed.jsonl");
        (code, output, _) = CliProcess.Run("chat", "check", made);
        Assert.Equal(2, code);
        Assert.Contains("fault     line 13, $.messages[0].role: 'human' is not a role; write user. [--fix: written as user]", output, StringComparison.Ordinal);
        (code, output, error) = CliProcess.Run("chat", "check", made, "--fix", "--out", mended);
        Assert.True(code == 0, error + output);
        Assert.Contains("mended    unknown-role: written as user (line 13)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check FILE --for nobody", "'nobody' is no host; there are openai, azure")]
    [InlineData("check FILE --fix", "name it by --out")]
    [InlineData("check FILE --fix --out FILE", "never overwritten")]
    [InlineData("make --from FILE --out x.txt", "written as .jsonl")]
    [InlineData("make --from FILE --out x.jsonl --prompt {q}", "both --prompt and --answer")]
    [InlineData("make --from FILE --out x.jsonl --speaker a", "needs --conversation")]
    public void A_command_line_that_cannot_be_used_is_one_line(string line, string expected)
    {
        string file = _files.Write("a.jsonl", ChatText.Row("q", "a"));
        (int code, _, string error) = CliProcess.Run(["chat", .. line.Split(' ').Select(word => word.Replace("FILE", file, StringComparison.Ordinal))]);
        Assert.Equal(2, code);
        Assert.Contains(expected, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
