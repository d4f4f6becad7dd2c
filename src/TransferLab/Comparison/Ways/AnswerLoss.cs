using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Comparison;

/// <summary>How surprised a model is by the right answer.</summary>
internal static class AnswerLoss
{
    /// <summary>Mean loss a token of an answer, natural logarithm, in float32; null where both are longer than the model reads.</summary>
    public static double? Of(LanguageModel model, Conversation asked, string reference, CancellationToken cancellation)
    {
        ChatTokens row = model.Chat!.Encode(asked with { Turns = [.. asked.Turns, new(Role.Assistant, reference)] },
            ChatRendering.Whole with { TrainLastOnly = true });
        return row.Ids.Length > model.MaxTokens ? null
            : model.Evaluate([new Example("answer", reference, new CompletionTarget(row.Ids, row.Trained))], TorchSharp.torch.ScalarType.Float32,
                progress: null, cancellation).Loss;
    }
}
