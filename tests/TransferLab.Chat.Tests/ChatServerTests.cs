#pragma warning disable OPENAI001 // Seeds and the developer's role are marked as experiments there.
using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;
using TransferLab.Serving;

namespace TransferLab.Chat.Tests;

/// <summary>The server as the official client sees it, over a real port of this machine.</summary>
public sealed class ChatServerTests(TinyModel tiny) : IClassFixture<TinyModel>, IAsyncLifetime
{
    private LanguageModelChatClient _client = null!;
    private ChatServer _server = null!;

    public async Task InitializeAsync()
    {
        _client = new(tiny.Open(), new() { MaxTokens = 12 });
        _server = await ChatServer.StartAsync(_client, new() { Port = 0, Grace = TimeSpan.FromSeconds(2) });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    [Fact]
    public async Task The_official_client_gets_the_models_answer_and_its_tokens()
    {
        Microsoft.Extensions.AI.ChatResponse expected = await _client.GetResponseAsync(
            [new(Microsoft.Extensions.AI.ChatRole.System, "s"), new(Microsoft.Extensions.AI.ChatRole.User, "Hello"),
                new(Microsoft.Extensions.AI.ChatRole.Assistant, "a"), new(Microsoft.Extensions.AI.ChatRole.User, "More")]);
        ChatCompletion found = await Chat().CompleteChatAsync(
            new DeveloperChatMessage("s"), new UserChatMessage(ChatMessageContentPart.CreateTextPart("Hel"), ChatMessageContentPart.CreateTextPart("lo")),
                new AssistantChatMessage("a"), new UserChatMessage("More"));

        Assert.Equal((expected.Text, ChatFinishReason.Length, "tiny", ChatMessageRole.Assistant),
            (found.Content[0].Text, found.FinishReason, found.Model, found.Role));
        Assert.Equal(((int)expected.Usage!.InputTokenCount!, 12), (found.Usage.InputTokenCount, found.Usage.OutputTokenCount));
        ChatCompletion next = await Chat().CompleteChatAsync(new UserChatMessage("Hello"), new AssistantChatMessage(found), new UserChatMessage("More"));
        Assert.Equal(12, next.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task A_stream_adds_up_to_the_answer_and_ends_with_the_tokens()
    {
        ChatCompletion whole = await Chat().CompleteChatAsync(new UserChatMessage("Hello"));
        string text = "";
        (ChatFinishReason? reason, ChatTokenUsage? usage, int pieces) = (null, null, 0);
        await foreach (StreamingChatCompletionUpdate update in Chat().CompleteChatStreamingAsync(new UserChatMessage("Hello")))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            (reason, usage, pieces) = (update.FinishReason ?? reason, update.Usage ?? usage, pieces + 1);
        }

        Assert.True(pieces > 4, $"{pieces} pieces");
        Assert.Equal((whole.Content[0].Text, whole.FinishReason, whole.Usage.TotalTokenCount), (text, reason, usage!.TotalTokenCount));
    }

    [Fact]
    public async Task Options_are_honoured()
    {
        string text = ((ChatCompletion)await Chat().CompleteChatAsync(new UserChatMessage("Hello"))).Content[0].Text, stop = text.Substring(3, 2);
        ChatCompletion stopped = await Chat().CompleteChatAsync([new UserChatMessage("Hello")], new() { StopSequences = { stop } });
        Assert.Equal((text[..text.IndexOf(stop, StringComparison.Ordinal)], ChatFinishReason.Stop),
            (string.Concat(stopped.Content.Select(part => part.Text)), stopped.FinishReason));
        ChatCompletion shorter = await Chat().CompleteChatAsync([new UserChatMessage("Hello")], new() { MaxOutputTokenCount = 3 });
        Assert.Equal(3, shorter.Usage.OutputTokenCount);
        ChatCompletionOptions draw = new() { Temperature = 1.5f, TopP = 0.95f, Seed = 7 };
        Assert.Equal(((ChatCompletion)await Chat().CompleteChatAsync([new UserChatMessage("Hello")], draw)).Content[0].Text,
            ((ChatCompletion)await Chat().CompleteChatAsync([new UserChatMessage("Hello")], draw)).Content[0].Text);
    }

    [Fact]
    public async Task Models_are_listed_and_another_is_not_found()
    {
        OpenAIModelClient models = new(new ApiKeyCredential("unused"), Options());
        Assert.Equal("tiny", Assert.Single((OpenAIModelCollection)await models.GetModelsAsync()).Id);
        Assert.Equal("transferlab", ((OpenAIModel)await models.GetModelAsync("tiny")).OwnedBy);
        ClientResultException absent = await Assert.ThrowsAsync<ClientResultException>(async () => await models.GetModelAsync("gpt-4o"));
        Assert.Equal(404, absent.Status);
        absent = await Assert.ThrowsAsync<ClientResultException>(async () => await Chat("gpt-4o").CompleteChatAsync(new UserChatMessage("Hello")));
        Assert.Equal(404, absent.Status);
        Assert.Contains("model_not_found", absent.Message, StringComparison.Ordinal);
        Assert.Contains("there is 'tiny'", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_long_a_prompt_is_the_apis_own_error()
    {
        ClientResultException tooLong = await Assert.ThrowsAsync<ClientResultException>(async () =>
            await Chat().CompleteChatAsync(new UserChatMessage(string.Concat(Enumerable.Repeat("word ", 600)))));
        Assert.Equal(400, tooLong.Status);
        Assert.Contains("context_length_exceeded", tooLong.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate update in Chat()
                .CompleteChatStreamingAsync(new UserChatMessage(string.Concat(Enumerable.Repeat("word ", 600)))))
            {
            }
        });
    }

    [Fact]
    public async Task A_client_that_leaves_frees_the_model_for_the_next()
    {
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate update in Chat().CompleteChatStreamingAsync([new UserChatMessage("Hello")],
                new() { MaxOutputTokenCount = 450 }, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
        Assert.Equal(12, ((ChatCompletion)await Chat().CompleteChatAsync(new UserChatMessage("Hello"))).Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Many_at_once_wait_their_turn()
    {
        ChatCompletion alone = await Chat().CompleteChatAsync(new UserChatMessage("Hello"));
        ClientResult<ChatCompletion>[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Chat().CompleteChatAsync(new UserChatMessage("Hello"))));
        Assert.All(all, one => Assert.Equal(alone.Content[0].Text, one.Value.Content[0].Text));
    }

    [Fact]
    public async Task Stopping_cuts_off_what_does_not_end_by_itself()
    {
        Task<ClientResult<ChatCompletion>> running = Chat().CompleteChatAsync([new UserChatMessage("Hello")], new() { MaxOutputTokenCount = 450 });
        await Task.Delay(50);
        await _server.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(5)));
        Assert.True(running.IsCompleted);
    }

    private ChatClient Chat(string? model = null) => new(model ?? _server.Model, new ApiKeyCredential("unused"), Options());

    private OpenAIClientOptions Options() => new() { Endpoint = _server.Endpoint, RetryPolicy = new ClientRetryPolicy(0) };
}
