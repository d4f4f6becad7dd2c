using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>What a written model computes beside the one that it was written from, both in float32.</summary>
public sealed record ExportCheck
{
    private const int GreedyTokens = 32;

    /// <summary>Largest difference of a logit over all tokens of the texts.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>Share of positions at which both have the same most likely token.</summary>
    public required double SameTop { get; init; }

    /// <summary>Whether both write the same greedy tokens after the first text, 32 of them.</summary>
    public required bool SameGreedy { get; init; }

    /// <summary>Mean loss of the trained tokens of the texts in the model that was written from.</summary>
    public required double Loss { get; init; }

    /// <summary>The same in the written one.</summary>
    public required double WrittenLoss { get; init; }

    /// <summary>Reads a written model back and compares.</summary>
    /// <param name="model">What it was written from; adapters count as they do in it.</param>
    /// <param name="written">File or folder.</param>
    /// <param name="adapter">Where an adapter was written alone: the adapter, <paramref name="written"/> being the model that it stands beside; null
    /// otherwise.</param>
    /// <param name="texts">Examples of <see cref="CompletionTarget"/>.</param>
    /// <param name="cancellation">Stops between texts.</param>
    public static ExportCheck Of(LanguageModel model, string written, string? adapter, IReadOnlyList<Example> texts, CancellationToken cancellation = default)
    {
        using LanguageModel other = LanguageModel.Open(written, ComputeDevice.Choose("cpu", "float32"), model.Files.Registry, adapter);
        using IDisposable noGradient = no_grad();
        (double largest, long same, long count, double loss, double writtenLoss, long trained) = (0, 0, 0, 0, 0, 0);
        foreach (Example text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            CompletionTarget target = CompletionEncoder.Of(text);
            Tensor one = Logits(model, target), two = Logits(other, target);
            largest = Math.Max(largest, one.Minus(two).abs().max().item<float>());
            same += one.argmax(1).eq(two.argmax(1)).sum().item<long>();
            count += target.Ids.Count;
            Tensor labels = model.Files.Task.Targets([text], CPU)[0];
            loss += Sum(one, labels);
            writtenLoss += Sum(two, labels);
            trained += target.TrainedCount;
        }

        GenerationOptions greedy = new() { MaxTokens = GreedyTokens };
        long[] prompt = [.. CompletionEncoder.Of(texts[0]).Ids.Take(Math.Max(1, CompletionEncoder.Of(texts[0]).Ids.Count / 2))];
        return new()
        {
            LargestDifference = largest,
            SameTop = (double)same / count,
            SameGreedy = model.ContinueExactly(prompt, greedy, cancellation).SequenceEqual(other.ContinueExactly(prompt, greedy, cancellation)),
            Loss = loss / Math.Max(1, trained),
            WrittenLoss = writtenLoss / Math.Max(1, trained),
        };
    }

    private static Tensor Logits(LanguageModel model, CompletionTarget text)
    {
        Batch x = new Batch(tensor(text.Ids.ToArray(), [1, text.Ids.Count])) { Type = ScalarType.Float32 };
        return model.Network.Head.Forward(model.Network.Hidden(x, 0)[0]);
    }

    private static double Sum(Tensor logits, Tensor labels) =>
        nn.functional.cross_entropy(logits, labels, ignore_index: LanguageTask.Untrained, reduction: nn.Reduction.Sum).item<float>();
}
