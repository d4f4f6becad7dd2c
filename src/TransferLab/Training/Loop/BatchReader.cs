using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using TransferLab.Data;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Reads batches ahead of the network on background threads. At most <see cref="Ahead"/> batches are in memory, however many examples there
/// are; they come in order.
/// </summary>
internal sealed class BatchReader(InputEncoder encoder, CancellationToken cancellation)
{
    private const int Ahead = 3;

    /// <summary>Seconds that the caller waited for input: reading that did not overlap with the network.</summary>
    public double WaitSeconds { get; private set; }

    /// <summary>Yields raw batches; each is disposed before the next one comes.</summary>
    public IEnumerable<Tensor> Read(IEnumerable<(IReadOnlyList<Example> Examples, AugmentedViews? Views)> batches)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<Tensor> channel = Channel.CreateBounded<Tensor>(Ahead);
        Task producer = Task.Run(() => ProduceAsync(batches, channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            while (Next(channel.Reader) is { } raw)
            {
                using (raw)
                {
                    yield return raw;
                }
            }

            producer.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            Drain(channel.Reader, producer);
        }
    }

    private Tensor? Next(ChannelReader<Tensor> reader)
    {
        long start = Stopwatch.GetTimestamp();
        bool any = reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult();
        WaitSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return any && reader.TryRead(out Tensor? raw) ? raw : null;
    }

    private async Task ProduceAsync(
        IEnumerable<(IReadOnlyList<Example> Examples, AugmentedViews? Views)> batches, ChannelWriter<Tensor> writer, CancellationToken stop)
    {
        try
        {
            foreach ((IReadOnlyList<Example> examples, AugmentedViews? views) in batches)
            {
                Tensor raw = encoder.Encode(examples, views, stop);
                try
                {
                    await writer.WriteAsync(raw, stop).ConfigureAwait(false);
                }
                catch
                {
                    raw.Dispose();
                    throw;
                }
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }

    private static void Drain(ChannelReader<Tensor> reader, Task producer)
    {
        producer.GetAwaiter().GetResult();
        while (reader.TryRead(out Tensor? raw))
        {
            raw.Dispose();
        }
    }
}
