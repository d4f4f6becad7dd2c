using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Training;
using Xunit.Abstractions;

namespace TransferLab.LlamaCpp.Tests;

/// <summary>The real model beside llama.cpp on the last hundred answers of the instruction set: loss and most likely tokens.</summary>
public sealed class SmolLm2Tests(ITestOutputHelper output)
{
    private static readonly string? s_root = Environment.GetEnvironmentVariable("TRANSFERLAB_DATA");
    private static readonly string s_model = Path.Combine(s_root ?? "", "weights", "smollm2_135m_instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
    private static readonly string s_rows = Path.Combine(s_root ?? "", "chat", "rasbt_instruction", "instruction-data.messages.jsonl");

    [SkippableTheory]
    [InlineData("F32", 0.001)]
    [InlineData("F16", 0.001)]
    [InlineData(null, 0.02)]
    public void Llama_cpp_finds_our_loss(string? type, double tolerance)
    {
        Skip.IfNot(File.Exists(s_model) && File.Exists(s_rows) && Environment.GetEnvironmentVariable("TRANSFERLAB_SLOW") == "1",
            "TRANSFERLAB_DATA and TRANSFERLAB_SLOW=1 are not set");
        using LanguageModel model = LanguageModel.Open(s_model, ComputeDevice.Choose("cpu", "float32"));
        IReadOnlyList<Example> rows = ChatExamples.Of([.. ConversationFile.Read(s_rows).TakeLast(100)], model.Chat!, model.MaxTokens).Rows;
        double ours = model.MeanLoss(rows);
        string file = type is null ? s_model : Path.Combine(Path.GetTempPath(), $"smollm2-{type}-{Guid.NewGuid():N}.gguf");
        try
        {
            if (type is not null)
            {
                model.SaveGguf(file, type);
            }

            using LlamaCpp other = new(file);
            double theirs = Loss(other, rows);
            output.WriteLine($"{type ?? "the file itself"}: ours {ours:0.0000}, llama.cpp {theirs:0.0000}");
            Assert.True(Math.Abs(ours - theirs) <= tolerance, $"ours {ours}, llama.cpp {theirs}");
        }
        finally
        {
            if (type is not null)
            {
                File.Delete(file);
            }
        }
    }

    [SkippableFact]
    public void An_adapter_over_the_file_that_was_tuned_gives_our_loss()
    {
        string? tuned = Environment.GetEnvironmentVariable("TRANSFERLAB_TUNED");
        Skip.IfNot(File.Exists(s_model) && tuned is not null, "TRANSFERLAB_DATA, and TRANSFERLAB_TUNED: a folder that train --chat wrote, are not set");
        string adapter = Path.Combine(Path.GetTempPath(), $"adapter-{Guid.NewGuid():N}.gguf");
        using LanguageModel model = LanguageModel.Open(tuned!, ComputeDevice.Choose("cpu", "float32"));
        IReadOnlyList<Example> rows = ChatExamples.Of([.. ConversationFile.Read(s_rows).TakeLast(100)], model.Chat!, model.MaxTokens).Rows;
        try
        {
            model.SaveGgufAdapter(adapter);
            using LlamaCpp other = new(s_model, adapter);
            (double ours, double theirs) = (model.MeanLoss(rows), Loss(other, rows));
            output.WriteLine($"adapter: ours {ours:0.0000}, llama.cpp over the quantised file {theirs:0.0000}");
            Assert.True(Math.Abs(ours - theirs) <= 0.02, $"ours {ours}, llama.cpp {theirs}");
        }
        finally
        {
            File.Delete(adapter);
        }
    }

    private static double Loss(LlamaCpp model, IReadOnlyList<Example> rows)
    {
        (double sum, long count) = (0, 0);
        foreach (CompletionTarget target in rows.Select(row => (CompletionTarget)row.Target))
        {
            float[][] logits = model.Logits(target.Ids);
            for (int i = 1; i < target.Ids.Count; i++)
            {
                if (target.Trained[i])
                {
                    double top = logits[i - 1].Max();
                    sum += top + Math.Log(logits[i - 1].Sum(logit => Math.Exp(logit - top))) - logits[i - 1][target.Ids[i]];
                    count++;
                }
            }
        }

        return sum / count;
    }
}
