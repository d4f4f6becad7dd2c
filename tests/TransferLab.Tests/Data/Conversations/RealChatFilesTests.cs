using TransferLab.Data;

namespace TransferLab.Tests.Data.Conversations;

/// <summary>Public files get the findings that a reader makes, and no others.</summary>
public sealed class RealChatFilesTests
{
    [SkippableFact]
    public void The_cookbooks_toy_file_has_few_rows_one_without_a_question_and_one_that_repeats_itself()
    {
        ChatReport report = ChatCheck.Run(File("openai_messages/openai_cookbook_toy_chat_fine_tuning.jsonl"), new());
        Assert.Equal([("few-rows", 0, true), ("no-question", 4, false), ("repetition", 5, false)],
            report.Findings.Select(finding => (finding.Kind, finding.Line, finding.IsFault)));
        Assert.InRange(report.Lengths.Longest, 4097, 16_384); // Over the limit that it was made to exceed.
    }

    [SkippableFact]
    public void The_pirates_answers_hold_two_placeholders()
    {
        ChatReport report = ChatCheck.Run(File("openai_messages/pirate_training_set.jsonl"), new());
        Assert.Equal([("few-rows", 0), ("placeholder", 6), ("placeholder", 10)], report.Findings.Select(finding => (finding.Kind, finding.Line)));
        Assert.True(report.IsUsable);
    }

    [SkippableFact]
    public void The_instructions_are_clean_in_both_forms()
    {
        ChatReport rows = ChatCheck.Run(File("rasbt_instruction/instruction-data.json"), new() { Host = ChatHost.Local });
        ChatReport messages = ChatCheck.Run(File("rasbt_instruction/instruction-data.messages.jsonl"), new());
        Assert.Equal((1100, 1100, 1100), (rows.Rows, rows.Usable, messages.Usable));
        Assert.Equal(rows.Findings.Select(finding => finding.Kind), messages.Findings.Select(finding => finding.Kind));
        Assert.Equal(["another-answer", "near-duplicate"], messages.Findings.Select(finding => finding.Kind).Distinct().Order());
        Assert.Equal(ConversationFile.Read(rows.Path).SelectMany(row => row.Turns), ConversationFile.Read(messages.Path).SelectMany(row => row.Turns));
    }

    private static string File(string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable(Catalog.RootVariable) ?? "", "chat", name);
        Skip.IfNot(System.IO.File.Exists(path), $"{name} is not under {Catalog.RootVariable}");
        return path;
    }
}
