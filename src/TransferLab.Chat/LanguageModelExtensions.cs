using Microsoft.Extensions.AI;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Chat;

/// <summary>Language models for programs that are written against Microsoft.Extensions.AI.</summary>
public static class LanguageModelExtensions
{
    /// <summary>The model as a chat client, which does not dispose it.</summary>
    /// <param name="model">A model with a chat template.</param>
    /// <param name="defaults">How it writes where a request says nothing; greedily and up to 256 tokens where not given.</param>
    /// <exception cref="ArgumentException">The model has no chat template.</exception>
    public static IChatClient AsIChatClient(this LanguageModel model, GenerationOptions? defaults = null) =>
        new LanguageModelChatClient(model, defaults, ownsModel: false);
}
