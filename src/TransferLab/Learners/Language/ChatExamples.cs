using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Learners;

/// <summary>Conversations as a language model learns from them: token ids, and which of them are trained. What cannot be used is named, never cut.</summary>
public sealed record ChatExamples
{
    /// <summary>The rows that can be used.</summary>
    public required IReadOnlyList<Example> Rows { get; init; }

    /// <summary>The rows that cannot, each with its line and the reason.</summary>
    public required IReadOnlyList<string> Dropped { get; init; }

    /// <summary>Tokens of all rows.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens that are trained: contents of the assistant's turns of weight 1, and what ends them.</summary>
    public required long TrainedTokens { get; init; }

    /// <summary>Rows with an answer that begins with white space, which other programs split differently.</summary>
    public required int SplitApart { get; init; }

    /// <summary>Encodes conversations.</summary>
    /// <param name="conversations">Each becomes a row.</param>
    /// <param name="encoder">The model's template and tokenizer.</param>
    /// <param name="maxTokens">Longer rows are dropped: an answer is never cut.</param>
    /// <exception cref="ChatTemplateException">A conversation holds what the template cannot write.</exception>
    public static ChatExamples Of(IReadOnlyList<Conversation> conversations, ChatEncoder encoder, int maxTokens)
    {
        List<Example> rows = [];
        List<string> dropped = [];
        (long tokens, long trained, int apart) = (0, 0, 0);
        for (int i = 0; i < conversations.Count; i++)
        {
            ChatTokens row = encoder.Encode(conversations[i]);
            string name = conversations[i].Line > 0 ? $"line {conversations[i].Line}" : $"row {i + 1}";
            CompletionTarget target = new(row.Ids, row.Trained);
            if (row.Ids.Length > maxTokens || target.TrainedCount == 0)
            {
                dropped.Add(target.TrainedCount == 0
                    ? $"{name}: nothing of it is trained"
                    : $"{name}: {row.Ids.Length} tokens, of {maxTokens} that are allowed");
                continue;
            }

            rows.Add(new(name, string.Join('\n', conversations[i].Turns.Select(turn => turn.Content)), target));
            (tokens, trained, apart) = (tokens + row.Ids.Length, trained + target.TrainedCount, apart + (row.SplitApart ? 1 : 0));
        }

        return new() { Rows = rows, Dropped = dropped, Tokens = tokens, TrainedTokens = trained, SplitApart = apart };
    }
}
