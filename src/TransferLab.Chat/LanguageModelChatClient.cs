using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Chat;

/// <summary>
/// A language model as an <see cref="IChatClient"/>. Safe to use from several threads: one answer is computed at a time, and others wait for their turn without
/// holding a thread. What an option or a content asks for and the model cannot do is refused, never passed over.
/// </summary>
/// <example><code>
/// using LanguageModelChatClient client = new(LanguageModel.Open("SmolLM2-135M-Instruct.Q4_1.gguf"));
/// Console.WriteLine(await client.GetResponseAsync("What is the capital of France?"));
/// </code></example>
public sealed class LanguageModelChatClient : IChatClient
{
    private readonly bool _ownsModel;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _lifetime = new();
    private readonly ChatOptionsMapping _mapping;
    private int _disposed;

    /// <summary>A client of a model.</summary>
    /// <param name="model">A model with a chat template.</param>
    /// <param name="defaults">How it writes where a request says nothing; greedily and up to 256 tokens where not given.</param>
    /// <param name="ownsModel">Whether the model is disposed with the client.</param>
    /// <param name="name">What the model is called; its card's name where not given.</param>
    /// <exception cref="ArgumentException">The model has no chat template.</exception>
    public LanguageModelChatClient(LanguageModel model, GenerationOptions? defaults = null, bool ownsModel = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model.Chat is not null
            ? model
            : throw new ArgumentException(
                $"{model.Card.Name} has no chat template: it goes on from texts, and does not answer. Open a model that was taught to talk.");
        _ownsModel = ownsModel;
        Metadata = new("transferlab", null, name ?? model.Card.Name);
        _mapping = new(defaults ?? model.Defaults, Metadata.DefaultModelId!, model.Chat.Template);
    }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>Its name.</summary>
    public ChatClientMetadata Metadata { get; }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">An option or a content asks for what the model cannot do.</exception>
    /// <exception cref="ChatTemplateException">The model's template cannot write the conversation.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds, or the prompt too long (<see cref="PromptTooLongException"/>).</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, before or during the answer.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken =
        default)
    {
        Request request = Prepare(messages, options);
        Completion answer = await WriteAsync(request, _ => { }, cancellationToken).ConfigureAwait(false);
        (IList<AIContent> contents, ChatFinishReason reason) = ToolCallText.Contents(answer, request.Conversation.Tools is not null);
        string id = NewId();
        return new(new ChatMessage(ChatRole.Assistant, contents) { MessageId = id })
        {
            ResponseId = id,
            ModelId = Metadata.DefaultModelId,
            CreatedAt = DateTimeOffset.UtcNow,
            FinishReason = reason,
            Usage = Usage(answer),
        };
    }

    /// <inheritdoc/>
    /// <remarks>Refuses as <see cref="GetResponseAsync"/> does, at the first step. With tools the whole answer comes at once, since only its end tells whether
    /// it is a call.</remarks>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Request request = Prepare(messages, options);
        bool hasTools = request.Conversation.Tools is not null;
        (string id, DateTimeOffset now) = (NewId(), DateTimeOffset.UtcNow);
        ChatResponseUpdate Update(IList<AIContent> contents) =>
            new(ChatRole.Assistant, contents) { ResponseId = id, MessageId = id, ModelId = Metadata.DefaultModelId, CreatedAt = now };
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<string> pieces = Channel.CreateUnbounded<string>(new() { SingleReader = true, SingleWriter = true });
        Task<Completion> writing = WriteInto(pieces.Writer);
        try
        {
            await foreach (string piece in pieces.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested(); // What was written meanwhile is nobody's.
                if (!hasTools)
                {
                    yield return Update([new TextContent(piece)]);
                }
            }

            Completion answer = await writing.ConfigureAwait(false);
            (IList<AIContent> contents, ChatFinishReason reason) = ToolCallText.Contents(answer, hasTools);
            ChatResponseUpdate last = Update([.. hasTools ? contents : [], new UsageContent(Usage(answer))]);
            last.FinishReason = reason;
            yield return last;
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
        }

        async Task<Completion> WriteInto(ChannelWriter<string> writer)
        {
            try
            {
                return await WriteAsync(request, piece => writer.TryWrite(piece), left.Token).ConfigureAwait(false);
            }
            finally
            {
                writer.Complete();
            }
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? Metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(Model) ? Model
            : null;
    }

    /// <summary>Ends what is being written, and disposes the model where the client owns it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _lifetime.Cancel();
            _turn.Wait(); // For the answer that is being written to have stopped; whoever waits behind it is cancelled.
            if (_ownsModel)
            {
                Model.Dispose();
            }
        }
    }

    private Request Prepare(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        GenerationOptions generation = _mapping.Generation(options);
        Conversation conversation = ChatConversation.Of(messages, options);
        int tokens = Model.CountPrompt(conversation);
        return tokens < Model.MaxTokens ? new(conversation, generation) : throw new PromptTooLongException(tokens, Model.MaxTokens);
    }

    /// <summary>Waits for its turn and writes an answer, on another thread.</summary>
    private async Task<Completion> WriteAsync(Request request, Action<string> onText, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _lifetime.Token);
        try
        {
            await _turn.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                Completion? whole = null;
                await foreach (CompletionPiece piece in Model.StreamAsync(request.Conversation, request.Generation, stop.Token).ConfigureAwait(false))
                {
                    whole = piece.Completion;
                    if (piece.Text.Length > 0)
                    {
                        onText(piece.Text);
                    }
                }

                return whole!;
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (_disposed != 0 && !cancellation.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(LanguageModelChatClient), "The client was disposed while it answered.");
        }
    }

    private static UsageDetails Usage(Completion answer) =>
        new() { InputTokenCount = answer.PromptTokens, OutputTokenCount = answer.Ids.Count, TotalTokenCount = answer.PromptTokens + answer.Ids.Count };

    private static string NewId() => $"chatcmpl-{Guid.NewGuid():N}";

    private sealed record Request(Conversation Conversation, GenerationOptions Generation);
}
