using System.Text.Json;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Tests.Networks.Tokenizers;

namespace TransferLab.Tests.Networks.ChatTemplates;

/// <summary>A real model's chats: template and tokenizer out of its GGUF file, ids that several programs agree on.</summary>
public class SmolLm2ChatTests
{
    private static readonly Lazy<ChatEncoder?> s_encoder = new(() =>
    {
        if (SmolLm2.File is not { } file)
        {
            return null;
        }

        Dictionary<string, object> metadata = GgufMetadataOf.Read(file);
        return new(ChatTemplate.FromGguf(metadata, file)!, TextTokenizer.FromGguf(metadata, file));
    });

    [SkippableFact]
    public void The_golden_chats()
    {
        ChatEncoder encoder = Encoder();
        Assert.Same(ChatTemplate.SmolLM2, encoder.Template);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SmolLm2.Golden!));
        foreach (JsonElement chat in golden.RootElement.GetProperty("chats").EnumerateArray())
        {
            static Turn Turn(JsonElement message) =>
                new(Enum.Parse<Role>(message.GetProperty("role").GetString()!, ignoreCase: true), message.GetProperty("content").GetString()!);
            Conversation conversation = new([.. chat.GetProperty("messages").EnumerateArray().Select(Turn)]);
            Assert.Equal(chat.GetProperty("text").GetString(), encoder.Template.RenderText(conversation, ChatRendering.Prompt));
            Assert.Equal(chat.GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()), encoder.Prompt(conversation));
        }
    }

    [SkippableFact]
    public void The_default_system_turn_costs_21_tokens() => Assert.Equal(21, Encoder().DefaultSystemTokens);

    [SkippableFact]
    public void What_is_trained_is_the_answer_and_its_end()
    {
        ChatEncoder encoder = new(ChatTemplate.ChatML, Encoder().Tokenizer);
        ChatTokens tokens = encoder.Encode(new([new(Role.User, "Hi there!"), new(Role.Assistant, "Hello!")]));
        Assert.Equal([1, 4093, 198, 26843, 665, 17, 2, 198, 1, 520, 9531, 198, 19556, 17, 2, 198], tokens.Ids);
        Assert.Equal([.. Enumerable.Repeat(-100L, 12), 19556, 17, 2, -100], tokens.Labels());
    }

    [SkippableFact]
    public void A_prompt_is_31_tokens_with_the_default_system_turn_and_ends_with_the_answers_head() =>
        Assert.Equal(
            "1 9690 198 2683 359 253 5356 5646 11173 3365 3511 308 34519 28 7018 411 407 19712 8182 2 198 1 4093 198 19556 2 198 1 520 9531 198",
            string.Join(' ', Encoder().Prompt(new([new(Role.User, "Hello")]))));

    [SkippableFact]
    public void An_answer_that_begins_with_white_space_is_split_apart_and_said_to_be()
    {
        ChatTokens tokens = Encoder().Encode(new([new(Role.User, "a"), new(Role.Assistant, "    code")]));
        Assert.True(tokens.SplitApart);
        int first = Array.IndexOf(tokens.Trained, true);
        Assert.Equal((198, 333), (tokens.Ids[first - 1], tokens.Ids[first])); // Joined it would be 472.
    }

    private static ChatEncoder Encoder()
    {
        Skip.If(s_encoder.Value is null, "smollm2_135m_instruct is not under TRANSFERLAB_DATA");
        return s_encoder.Value!;
    }
}
