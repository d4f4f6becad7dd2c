using Microsoft.Extensions.AI;
using TransferLab.Networks;

namespace TransferLab.Chat;

/// <summary>Options of a request as the model's own; what it cannot do is refused.</summary>
/// <param name="defaults">Where a request says nothing.</param>
/// <param name="modelId">The only model there is.</param>
/// <param name="template">How conversations are written.</param>
internal sealed class ChatOptionsMapping(GenerationOptions defaults, string modelId, ChatTemplate template)
{
    private int _requests;

    /// <summary>How the model writes.</summary>
    /// <exception cref="NotSupportedException">An option asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">A value is out of its bounds.</exception>
    public GenerationOptions Generation(ChatOptions? options)
    {
        // Without a seed of the request's own the same question is drawn anew, and a program that starts again draws the same.
        int seed = unchecked(defaults.Seed + Interlocked.Increment(ref _requests) - 1);
        if (options is null)
        {
            return defaults with { Seed = seed };
        }

        Refuse(options);
        bool draws = options.TopP is not null || options.TopK is not null; // Who says from what to draw wants draws.
        return defaults with
        {
            MaxTokens = options.MaxOutputTokens ?? defaults.MaxTokens,
            Temperature = options.Temperature is { } temperature ? Plain(temperature) : draws && defaults.Temperature == 0 ? 1 : defaults.Temperature,
            TopP = options.TopP is { } topP ? Plain(topP) : defaults.TopP,
            TopK = options.TopK ?? defaults.TopK,
            Seed = options.Seed is { } given ? unchecked((int)(given ^ (given >> 32))) : seed,
            Stop = options.StopSequences is { Count: > 0 } stops ? Checked(stops) : defaults.Stop,
        };
    }

    private void Refuse(ChatOptions options)
    {
        Unless(options.ModelId is null || options.ModelId == modelId, $"The model '{options.ModelId}' is not here; this client has '{modelId}'.");
        Unless(options.FrequencyPenalty is null or 0, "A frequency penalty is not computed; leave it out.");
        Unless(options.PresencePenalty is null or 0, "A presence penalty is not computed; leave it out.");
        Unless(options.ResponseFormat is null or ChatResponseFormatText,
            "The answer is plain text: a JSON format cannot be enforced; leave it out, and ask for JSON in the prompt.");
        Unless(options.ConversationId is null, "Conversations are not kept; send all messages every time, and leave the conversation's id out.");
        Unless(options.Reasoning is null or { Effort: null or ReasoningEffort.None }, "The model does not think aloud; leave the reasoning out.");
        Unless(options.ToolMode is null or AutoChatToolMode or NoneChatToolMode, "A call of a tool cannot be enforced; take the automatic mode.");
        Unless(options.Tools is not { Count: > 0 } || options.ToolMode is NoneChatToolMode || template.KnowsTools,
            $"The model's chat template {template.Name} knows no tools; leave them out, or take a model that was taught to call them.");
    }

    /// <summary>0.7f as 0.7, and not as the double that is nearest to the float.</summary>
    private static double Plain(float value) => Math.Abs(value) <= 1000 ? (double)(decimal)value : value; // What is larger, or no number, is refused.

    private static List<string> Checked(IList<string> stops) =>
        stops.All(stop => !string.IsNullOrEmpty(stop))
            ? [.. stops]
            : throw new ArgumentException("A stop text is empty; it would end every answer before it begins.");

    private static void Unless(bool isFine, string message)
    {
        if (!isFine)
        {
            throw new NotSupportedException(message);
        }
    }
}
