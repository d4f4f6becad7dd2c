using System.ComponentModel;
using Microsoft.Extensions.AI;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Chat.Tests;

public sealed class LanguageModelChatClientTests(TinyModel tiny) : IClassFixture<TinyModel>, IDisposable
{
    private readonly LanguageModelChatClient _client = new(tiny.Open(), new() { MaxTokens = 12 });

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task An_answer_is_the_models_own_with_its_tokens_and_its_end()
    {
        Completion expected =
            _client.Model.Complete(new Conversation([new(Role.System, "s"), new(Role.User, "Hello"), new(Role.Assistant, "a"), new(Role.User, "More")]),
                new() { MaxTokens = 12 });
        ChatResponse found = await _client.GetResponseAsync(
            [new(ChatRole.System, "s"), new(ChatRole.User, [new TextContent("Hel"), new TextContent("lo")]), new(ChatRole.Assistant, "a"),
                new(ChatRole.User, "More")]);

        Assert.Equal(expected.Text, found.Text);
        Assert.Equal(ChatFinishReason.Length, found.FinishReason);
        Assert.Equal((expected.PromptTokens, 12, expected.PromptTokens + 12),
            (found.Usage!.InputTokenCount, found.Usage.OutputTokenCount, found.Usage.TotalTokenCount));
        Assert.Equal("tiny", found.ModelId);
        Assert.Same(_client.Model, _client.GetService<LanguageModel>());
        Assert.Equal("tiny", _client.GetService<ChatClientMetadata>()!.DefaultModelId);
    }

    [Fact]
    public async Task A_stream_adds_up_to_the_answer()
    {
        ChatResponse whole = await _client.GetResponseAsync("Hello");
        List<ChatResponseUpdate> updates = await _client.GetStreamingResponseAsync("Hello").ToListAsync();
        ChatResponse added = updates.ToChatResponse();

        Assert.True(updates.Count > 4, $"{updates.Count} pieces");
        Assert.Equal((whole.Text, whole.FinishReason, whole.Usage!.TotalTokenCount, ChatRole.Assistant),
            (added.Text, added.FinishReason, added.Usage!.TotalTokenCount, Assert.Single(added.Messages).Role));
        Assert.Single(updates.Select(update => update.ResponseId).Distinct());
    }

    [Fact]
    public async Task Options_reach_the_model()
    {
        ChatResponse greedy = await _client.GetResponseAsync("Hello", new() { Temperature = 0, MaxOutputTokens = 3 });
        Assert.Equal(3, greedy.Usage!.OutputTokenCount);
        string text = (await _client.GetResponseAsync("Hello")).Text, stop = text.Substring(3, 2);
        ChatResponse stopped = await _client.GetResponseAsync("Hello", new() { StopSequences = [stop] });
        Assert.Equal((text[..text.IndexOf(stop, StringComparison.Ordinal)], ChatFinishReason.Stop), (stopped.Text, stopped.FinishReason));

        ChatOptions draw = new() { Temperature = 1.5f, TopP = 0.95f, TopK = 200, Seed = 7 };
        string first = (await _client.GetResponseAsync("Hello", draw)).Text;
        Assert.Equal(first, (await _client.GetResponseAsync("Hello", draw)).Text);
        Assert.NotEqual(first, (await _client.GetResponseAsync("Hello", new() { Temperature = 1.5f, TopP = 0.95f, TopK = 200, Seed = 8 })).Text);
        ChatOptions noSeed = new() { Temperature = 1.5f };
        Assert.NotEqual((await _client.GetResponseAsync("Hello", noSeed)).Text, (await _client.GetResponseAsync("Hello", noSeed)).Text);

        ChatResponse instructed = await _client.GetResponseAsync("Hello", new() { Instructions = "Be short." });
        Assert.Equal((await _client.GetResponseAsync([new(ChatRole.System, "Be short."), new(ChatRole.User, "Hello")])).Text, instructed.Text);
    }

    public static TheoryData<string, ChatOptions> NotDone => new()
    {
        { "frequency penalty", new() { FrequencyPenalty = 0.5f } },
        { "JSON format", new() { ResponseFormat = ChatResponseFormat.Json } },
        { "not kept", new() { ConversationId = "c" } },
        { "'other' is not here", new() { ModelId = "other" } },
        { "knows no tools", new() { Tools = [AIFunctionFactory.CreateDeclaration("f", "d", default)] } },
        { "temperature", new() { Temperature = float.NaN } },
        { "top-p", new() { TopP = 2 } },
        { "1 to", new() { MaxOutputTokens = 0 } },
        { "stop text is empty", new() { StopSequences = [""] } },
    };

    [Theory]
    [MemberData(nameof(NotDone))]
    public async Task What_the_model_cannot_do_is_refused_in_one_line(string says, ChatOptions options)
    {
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => _client.GetResponseAsync("Hello", options));
        Assert.True(refused is NotSupportedException or ArgumentException, refused.ToString());
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        await Assert.ThrowsAsync(refused.GetType(), async () => await _client.GetStreamingResponseAsync("Hello", options).ToListAsync());
    }

    [Fact]
    public async Task Messages_that_cannot_be_read_are_refused()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() =>
            _client.GetResponseAsync([new(ChatRole.User, [new UriContent("http://localhost/a.png", "image/png")])]));
        await Assert.ThrowsAsync<NotSupportedException>(() => _client.GetResponseAsync([new(new ChatRole("critic"), "x")]));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetResponseAsync([]));
        PromptTooLongException tooLong =
            await Assert.ThrowsAsync<PromptTooLongException>(() => _client.GetResponseAsync(string.Concat(Enumerable.Repeat("word ", 600))));
        Assert.True(tooLong.Tokens >= tooLong.Most && tooLong.Most == 512, tooLong.Message);
    }

    [Fact]
    public async Task Cancelling_ends_an_answer_and_leaves_the_client_fit_for_the_next()
    {
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync("Hello", new() { MaxOutputTokens = 400 }, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
        await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync("Hello", new() { MaxOutputTokens = 400 }))
        {
            break; // Whoever stops listening stops the writing.
        }

        Assert.Equal(12, (await _client.GetResponseAsync("Hello")).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Many_threads_get_the_answers_of_one()
    {
        string[] questions = [.. Enumerable.Range(0, 12).Select(i => $"Question {i}")];
        List<string> alone = [];
        foreach (string question in questions)
        {
            alone.Add((await _client.GetResponseAsync(question)).Text);
        }

        ChatResponse[] together = await Task.WhenAll(questions.Select(question => Task.Run(() => _client.GetResponseAsync(question))));
        Assert.Equal(alone, together.Select(answer => answer.Text));
    }

    [Fact]
    public async Task Disposal_ends_what_is_written_and_what_waits()
    {
        LanguageModelChatClient client = new(tiny.Open());
        Task<ChatResponse>[] running = [.. Enumerable.Range(0, 3).Select(_ => client.GetResponseAsync("Hello", new() { MaxOutputTokens = 400 }))];
        client.Dispose();
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Task.WhenAll(running));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync("Hello"));

        using LanguageModel model = tiny.Open();
        model.AsIChatClient().Dispose();
        Assert.NotEmpty(model.Answer("Hello", new() { MaxTokens = 2 })); // Whose model it is, lives on.
    }

    [Fact]
    public async Task A_model_that_knows_tools_is_told_of_them_and_its_calls_come_as_calls()
    {
        using TinyModel knowing = new(knowsTools: true);
        using LanguageModelChatClient client = new(knowing.Open(), new() { MaxTokens = 4 });
        [Description("Tells the weather.")]
        static string Weather(string city) => city;
        ChatOptions tools = new() { Tools = [AIFunctionFactory.Create(Weather, "weather")] };
        ChatMessage[] history =
        [
            new(ChatRole.User, "Rain?"),
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Bonn" })]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "dry")]),
        ];
        ChatResponse answer = await client.GetResponseAsync(history, tools);
        string prompt = client.Model.Chat!.Template.RenderText(ChatConversation.Of(history, tools), ChatRendering.Prompt);

        Assert.True(answer.Usage!.InputTokenCount > (await client.GetResponseAsync("Rain?")).Usage!.InputTokenCount);
        Assert.Contains("\"name\": \"weather\", \"description\": \"Tells the weather.\", \"parameters\": {", prompt, StringComparison.Ordinal);
        Assert.Contains("<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Bonn\"}}\n</tool_call>", prompt, StringComparison.Ordinal);
        Assert.Contains("<tool_response>\ndry\n</tool_response>", prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I look.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1}}\n</tool_call>", true, "I look.")]
    [InlineData("{\"name\": \"f\", \"parameters\": {\"x\": 1}}", true, "")]
    [InlineData("<tool_call>{\"name\": 3}</tool_call>", false, "<tool_call>{\"name\": 3}</tool_call>")]
    [InlineData("It is dry.", false, "It is dry.")]
    public void Calls_are_told_from_text(string text, bool isCall, string rest)
    {
        Completion answer = new() { Text = text, Ids = [], PromptTokens = 1, End = CompletionEnd.Stop };
        (IList<AIContent> contents, ChatFinishReason reason) = ToolCallText.Contents(answer, hasTools: true);

        Assert.Equal(isCall ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop, reason);
        Assert.Equal(rest, string.Concat(contents.OfType<TextContent>()));
        Assert.All(contents.OfType<FunctionCallContent>(), call => Assert.Equal(("f", "1"), (call.Name, call.Arguments!["x"]!.ToString())));
        Assert.Equal([text], ToolCallText.Contents(answer, hasTools: false).Contents.Cast<TextContent>().Select(content => content.Text));
    }
}
