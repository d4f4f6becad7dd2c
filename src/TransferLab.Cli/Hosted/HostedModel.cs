#pragma warning disable OPENAI001, SCME0001 // The developer's role and members that the official client does not know are marked as experiments there.
using System.ClientModel;
using System.Diagnostics;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using TransferLab.Comparison;
using TransferLab.Data;

namespace TransferLab.Cli.Hosted;

/// <summary>Asks a model of a host through the official client, greedily and as a stream, one question at a time.</summary>
/// <param name="host">The host.</param>
/// <param name="name">The model's name there, or names where rows ask several.</param>
/// <param name="answerTokens">Most tokens of an answer.</param>
/// <param name="retry">Repeats what fails.</param>
/// <param name="cache">Answers that were paid for.</param>
internal sealed class HostedModel(ModelHost host, string name, int answerTokens, HostRetry retry, AnswerCache cache) : IHostedModel
{
    private const string TooLong = "context_length_exceeded";
    private readonly OpenAIClient _client = host.Client();
    private bool _olderLimit, _leavesTemperature; // What the host turned out to want.

    /// <summary>The model that a row asks; <see cref="Name"/> where null.</summary>
    public Func<AnswerWay, string>? ModelOf { get; init; }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Origin => host.ToString();

    /// <summary>Names the request of a row, as the cache keeps it.</summary>
    public string Request(AnswerWay way, Conversation asked) => AnswerCache.Name(host, Model(way), asked, answerTokens);

    /// <inheritdoc/>
    /// <exception cref="HostException">The host refuses, or goes on failing: one line with the row and the question.</exception>
    public AnswerResult Answer(AnswerWay way, Question question, Conversation asked, CancellationToken cancellation) => asked.Tools is null
        ? Ask(Model(way), asked, $"{way.Name}, question {question.Name}", cancellation)
        : throw new DataException($"Question {question.Name} offers tools, which are not sent to a host; leave it out.");

    /// <summary>Asks a model, or takes the answer from those that were paid for.</summary>
    /// <param name="model">Its name there.</param>
    /// <param name="asked">What is sent.</param>
    /// <param name="what">What the question is, for messages.</param>
    /// <param name="cancellation">Stops the request.</param>
    public AnswerResult Ask(string model, Conversation asked, string what, CancellationToken cancellation)
    {
        string request = AnswerCache.Name(host, model, asked, answerTokens);
        if (cache.Find(request) is { } kept)
        {
            return kept;
        }

        try
        {
            AnswerResult answer = retry.RunAsync(() => AskAsync(model, asked, cancellation), cancellation).GetAwaiter().GetResult();
            cache.Add(request, answer);
            return answer;
        }
        catch (HostException e)
        {
            throw new HostException($"{what}: {e.Message} "
                + $"Answers that are there are kept, {cache.Count} so far: the same command goes on with them.");
        }
    }

    private string Model(AnswerWay way) => ModelOf?.Invoke(way) ?? name;

    private async Task<AnswerResult> AskAsync(string model, Conversation asked, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await StreamAsync(_client.GetChatClient(model), asked, start, cancellation).ConfigureAwait(false);
            }
            catch (ClientResultException e) when (HostFault.Of(e) is { Status: 400 or 413 or 422 } fault)
            {
                if (fault.Code == TooLong)
                {
                    int read = TokenEstimate.Of(asked, TokenEstimate.Of);
                    return new() { Text = "", InputTokens = read, OutputTokens = 0, Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Stopped = false };
                }

                if (!_olderLimit && fault.Reason.Contains("max_completion_tokens", StringComparison.Ordinal))
                {
                    _olderLimit = true;
                }
                else if (!_leavesTemperature && fault.Reason.Contains("temperature", StringComparison.OrdinalIgnoreCase))
                {
                    _leavesTemperature = true;
                }
                else
                {
                    throw;
                }
            }
        }
    }

    private async Task<AnswerResult> StreamAsync(ChatClient client, Conversation asked, long start, CancellationToken cancellation)
    {
        StringBuilder text = new();
        (ChatFinishReason? end, ChatTokenUsage? usage) = (null, null);
        ChatMessage[] messages = [.. asked.Turns.Select(Message)];
        await foreach (StreamingChatCompletionUpdate update in client.CompleteChatStreamingAsync(messages, Options(), cancellation).ConfigureAwait(false))
        {
            foreach (ChatMessageContentPart part in update.ContentUpdate)
            {
                text.Append(part.Text);
            }

            text.Append(update.RefusalUpdate);
            (end, usage) = (update.FinishReason ?? end, update.Usage ?? usage);
        }

        return end is null ? throw new IOException("the stream broke off before the answer ended") : new()
        {
            Text = text.ToString(),
            InputTokens = usage?.InputTokenCount ?? TokenEstimate.Of(asked, TokenEstimate.Of), // Not every host counts.
            OutputTokens = Math.Max(1, usage?.OutputTokenCount ?? TokenEstimate.Of(text.ToString())),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Stopped = end == ChatFinishReason.Stop,
        };
    }

    private ChatCompletionOptions Options()
    {
        ChatCompletionOptions options = new() { Temperature = _leavesTemperature ? null : 0, MaxOutputTokenCount = _olderLimit ? null : answerTokens };
        if (_olderLimit)
        {
            options.Patch.Set("$.max_tokens"u8, answerTokens);
        }

        return options;
    }

    private static ChatMessage Message(Turn turn) => turn.Role switch
    {
        Role.System => new SystemChatMessage(turn.Content),
        Role.Developer => new DeveloperChatMessage(turn.Content),
        Role.User => new UserChatMessage(turn.Content),
        Role.Assistant => new AssistantChatMessage(turn.Content),
        _ => throw new DataException("A question with results of tools is not sent to a host; leave it out."),
    };
}
