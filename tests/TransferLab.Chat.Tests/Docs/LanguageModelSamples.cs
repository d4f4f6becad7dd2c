using Microsoft.Extensions.AI;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Serving;
using TransferLab.Strategies;

namespace TransferLab.Chat.Tests.Docs;

/// <summary>The code of docs/language-models.md, compiled. What stands between the markers stands there, line for line.</summary>
internal static class LanguageModelSamples
{
    public static void Tune()
    {
        // <docs>
        LanguageModelTrainer trainer = new("SmolLM2-135M-Instruct.Q4_1.gguf");
        using TunedLanguageModel tuned = trainer.Tune(TransferStrategy.LowRank(), ConversationFile.Read("answers.jsonl"));
        Console.WriteLine(tuned.Model.Answer("Where is the town hall?"));
        tuned.Model.SaveAdapter("adapter/");
        tuned.Model.SaveGgufAdapter("adapter.gguf");
        // </docs>
    }

    public static async Task TalkAsync()
    {
        // <docs>
        using LanguageModelChatClient client = new(LanguageModel.Open("SmolLM2-135M-Instruct.Q4_1.gguf"), new() { MaxTokens = 128 });
        List<ChatMessage> talk = [new(ChatRole.System, "Answer in one sentence."), new(ChatRole.User, "What is the capital of France?")];
        ChatResponse answer = await client.GetResponseAsync(talk);
        Console.WriteLine($"{answer.Text} ({answer.Usage!.OutputTokenCount} tokens, {answer.FinishReason})");
        talk.AddRange([.. answer.Messages, new(ChatRole.User, "And of Japan?")]);
        await foreach (ChatResponseUpdate piece in client.GetStreamingResponseAsync(talk, new() { Temperature = 0.7f, TopP = 0.9f, Seed = 1 }))
        {
            Console.Write(piece.Text);
        }

        await using ChatServer server = await ChatServer.StartAsync(client, new() { Port = 8080 }); // and any IChatClient likewise
        // </docs>
    }
}
