using Microsoft.Extensions.AI;

namespace TransferLab.Tests.Retrieval;

/// <summary>Embeddings that can be worked out by hand: how often each letter from a to z stands in a text.</summary>
internal sealed class Letters(string name = "letters") : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Task.FromResult(
            new GeneratedEmbeddings<Embedding<float>>(
                values.Select(text => new Embedding<float>(Enumerable.Range('a', 26).Select(letter => (float)text.Count(c => c == letter)).ToArray()))));

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(EmbeddingGeneratorMetadata)
        ? new EmbeddingGeneratorMetadata(defaultModelId: name)
        : null;

    public void Dispose()
    {
    }
}
