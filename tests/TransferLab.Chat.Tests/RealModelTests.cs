using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using TransferLab.Models;
using TransferLab.Serving;
using TransferLab.Training;

namespace TransferLab.Chat.Tests;

public sealed class RealModelTests
{
    [SkippableFact]
    public async Task SmolLM2_answers_as_transformers_does_through_client_and_server()
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("TRANSFERLAB_DATA") ?? "", "weights", "smollm2_135m_instruct",
            "SmolLM2-135M-Instruct.Q4_1.gguf");
        Skip.IfNot(File.Exists(path), "the weights of smollm2_135m_instruct are not there");
        const string question = "What is the capital of France?", expected = "The capital of France is Paris.";
        using LanguageModelChatClient client = new(LanguageModel.Open(path, ComputeDevice.Choose("cpu", "float32")));

        ChatResponse answer = await client.GetResponseAsync(question);
        Assert.Equal((expected, Microsoft.Extensions.AI.ChatFinishReason.Stop, 37, 8),
            (answer.Text, answer.FinishReason, answer.Usage!.InputTokenCount, answer.Usage.OutputTokenCount));

        await using ChatServer server = await ChatServer.StartAsync(client, new() { Port = 0 });
        ChatClient served = new(server.Model, new ApiKeyCredential("unused"), new() { Endpoint = server.Endpoint });
        ChatCompletion found = await served.CompleteChatAsync([new UserChatMessage(question)], new() { Temperature = 0 });
        Assert.Equal((expected, OpenAI.Chat.ChatFinishReason.Stop, 37, 8),
            (found.Content[0].Text, found.FinishReason, found.Usage.InputTokenCount, found.Usage.OutputTokenCount));
    }
}
