using System.Globalization;
using Microsoft.Extensions.AI;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Retrieval;

/// <summary>A pretrained text backbone as embeddings of Microsoft.Extensions.AI: its pooled features. Safe to use from several threads.</summary>
public sealed class BackboneEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int BatchSize = 32;
    private const double WorthSaying = 0.05;
    private readonly Backbone _backbone;
    private readonly ComputeDevice _compute;
    private readonly Lazy<BackboneNetwork> _network;

    /// <summary>Makes embeddings; the weights are loaded when the first text comes.</summary>
    /// <param name="backbone">A backbone of texts.</param>
    /// <param name="compute">Where it runs; float32 on the CPU where not given, so that the same texts give the same vectors.</param>
    /// <exception cref="ArgumentException">The backbone is of another kind.</exception>
    public BackboneEmbeddings(Backbone backbone, ComputeDevice? compute = null)
    {
        _backbone = backbone.Encoder is TextEncoder ? backbone
            : throw new ArgumentException($"The backbone {backbone.Card.Name} is of {backbone.Encoder.Kind}s; passages need one of texts.", nameof(backbone));
        _compute = compute ?? ComputeDevice.Choose("cpu", "float32");
        _network = new(Load);
        string hash = backbone.Card.Sha256 is { Length: >= 12 } sha ? "@" + sha[..12] : "";
        Metadata = new(nameof(TransferLab), defaultModelId: string.Create(CultureInfo.InvariantCulture, $"{backbone.Card.Name}{hash}/{Encoder.MaxTokens}"));
    }

    /// <summary>What it goes by: an index that was made with one name is not searched with another.</summary>
    public EmbeddingGeneratorMetadata Metadata { get; }

    private TextEncoder Encoder => (TextEncoder)_backbone.Encoder;

    /// <summary>Computes vectors of the backbone's width; it runs on the calling thread.</summary>
    /// <param name="values">Texts; what is longer than the encoder takes is cut.</param>
    /// <param name="options">Not needed; other sizes than the backbone's are refused.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        BackboneNetwork network = _network.Value;
        if (options?.Dimensions is { } wanted && wanted != network.FeatureWidth)
        {
            throw new ArgumentException(
                $"{_backbone.Card.Name} gives {network.FeatureWidth} numbers a text, not {wanted}; leave Dimensions out.", nameof(options));
        }

        Example[] examples = [.. values.Select(text => new Example("", text, new NoTarget()))];
        Embedding<float>[] made = new Embedding<float>[examples.Length];
        foreach (int[] batch in Enumerable.Range(0, examples.Length).OrderByDescending(i => Encoder.LengthOf(examples[i])).Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[][] rows = Run(network, [.. batch.Select(i => examples[i])], cancellationToken);
            for (int i = 0; i < batch.Length; i++)
            {
                made[batch[i]] = new(rows[i]) { ModelId = Metadata.DefaultModelId };
            }
        }

        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(made));
    }

    /// <summary>Says where texts are not seen whole, or are of a language that the backbone does not know.</summary>
    internal IReadOnlyList<string> Warnings(IReadOnlyList<string> texts)
    {
        int cut = texts.Count(text => Encoder.Tokens(text, Encoder.MaxTokens + 1).Length > Encoder.MaxTokens);
        string? tooLong = cut > WorthSaying * texts.Count
            ? string.Create(CultureInfo.InvariantCulture,
                $"{100.0 * cut / texts.Count:0} % of the passages are longer than the {Encoder.MaxTokens} tokens that {_backbone.Card.Name} sees of each; make "
                    + $"them shorter.")
            : null;
        return [.. new[] { tooLong, Encoder.Foreign(texts) }.OfType<string>()];
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_network.IsValueCreated)
        {
            _network.Value.Dispose();
        }
    }

    private BackboneNetwork Load()
    {
        BackboneNetwork network = _backbone.CreatePretrained();
        network.Module.to(_compute.Device);
        network.Module.eval();
        return network;
    }

    private float[][] Run(BackboneNetwork network, IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor raw = Encoder.Encode(examples, views: null, cancellation);
        Batch batch = Encoder.Normalize(raw, _compute.Device, _compute.TypeFor(network));
        Tensor features = network.Prefix(batch, network.Groups.Count).Values.to(ScalarType.Float32).cpu().contiguous();
        float[] values = features.data<float>().ToArray();
        return [.. values.Chunk(values.Length / examples.Count)];
    }
}
