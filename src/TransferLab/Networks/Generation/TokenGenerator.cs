using TorchSharp;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Writes texts with a causal language model, a token at a time and several texts at once. The prompt's keys and values are kept, so that every token costs one
/// position; a text that has ended leaves the batch. For one call.
/// </summary>
/// <param name="network">In evaluation mode.</param>
/// <param name="device">Where it is.</param>
/// <param name="type">In which it computes.</param>
/// <param name="maxTokens">Longest text that it was made for.</param>
internal sealed class TokenGenerator(TransferNetwork network, Device device, ScalarType type, int maxTokens)
{
    /// <summary>Positions of a prompt that are read at once: attention within grows with their square.</summary>
    private const int Chunk = 512;
    private readonly List<Row> _ended = [];

    /// <summary>Goes on from prompts.</summary>
    /// <param name="prompts">Token ids, one or more each.</param>
    /// <param name="options">How.</param>
    /// <param name="accept">Told of every new token by the prompt's index; false ends that text, the token included.</param>
    /// <param name="cancellation">Stops between tokens.</param>
    /// <returns>The new ids of every prompt.</returns>
    /// <exception cref="ArgumentException">A prompt is empty, or leaves no room for a token.</exception>
    public IReadOnlyList<IReadOnlyList<long>> Generate(
        IReadOnlyList<IReadOnlyList<long>> prompts, GenerationOptions options, Func<int, long, bool> accept, CancellationToken cancellation)
    {
        int longest = prompts.Max(prompt => prompt.Count), room = Math.Min(options.MaxTokens, maxTokens - longest);
        if (prompts.Any(prompt => prompt.Count == 0) || room < 1)
        {
            throw new ArgumentException(prompts.Any(prompt => prompt.Count == 0)
                ? "A prompt has no tokens."
                : $"A prompt of {longest} tokens leaves no room for an answer: the model reads {maxTokens}.");
        }

        using IDisposable noGradient = no_grad();
        using KeyValueCache cache = new(network.Backbone.Groups.Count, longest + room);
        List<Row> rows = [.. prompts.Select((prompt, i) => new Row(i, prompt.Count, new(options, i)))];
        Tensor last = Read(prompts, cache, longest);
        for (int made = 0; ; made++)
        {
            cancellation.ThrowIfCancellationRequested();
            using Tensor logits = Logits(last);
            last.Dispose();
            List<long> next = Draw(logits, rows, options);
            bool[] goesOn = [.. rows.Select((row, i) => Accept(row, next[i], accept) && made + 1 < room)];
            if (!goesOn.Contains(true))
            {
                return [.. rows.Concat(_ended).OrderBy(row => row.Index).Select(row => row.Ids)];
            }

            if (prompts.Count == 1 && network.Backbone.Decoder?.Invoke(network, type, cache) is { } decoder)
            {
                using (decoder)
                {
                    Alone(rows[0], decoder, room, accept, cancellation);
                    return [rows[0].Ids];
                }
            }

            Leave(rows, next, goesOn, cache);
            last = Step(next, rows, cache);
        }
    }

    /// <summary>Goes on with one text behind its first token.</summary>
    private static void Alone(Row row, ITokenDecoder decoder, int room, Func<int, long, bool> accept, CancellationToken cancellation)
    {
        do
        {
            cancellation.ThrowIfCancellationRequested();
        }
        while (Accept(row, row.Sampler.Draw(decoder.Next(row.Ids[^1])), accept) && row.Ids.Count < room);
    }

    /// <summary>Reads the prompts; gives the hidden state of each one's last token, [N, width].</summary>
    private Tensor Read(IReadOnlyList<IReadOnlyList<long>> prompts, KeyValueCache cache, int longest)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] last = new Tensor?[prompts.Count];
        for (int first = 0; first < longest; first += Chunk)
        {
            int count = Math.Min(Chunk, longest - first);
            long[] ids = new long[prompts.Count * count];
            for (int i = 0; i < prompts.Count; i++)
            {
                for (int j = 0; j < count && first + j < prompts[i].Count; j++)
                {
                    ids[(i * count) + j] = prompts[i][first + j];
                }
            }

            Tensor hidden = Hidden(new Batch(tensor(ids, [prompts.Count, count], device: device)), cache, count);
            for (int i = 0; i < prompts.Count; i++)
            {
                int at = prompts[i].Count - 1 - first;
                last[i] = at >= 0 && at < count ? hidden[i, at] : last[i];
            }
        }

        if (prompts.Any(prompt => prompt.Count < longest))
        {
            cache.Visible = Visible(prompts, cache.Capacity);
        }

        return stack([.. last.Select(state => state!)]).MoveToOuterDisposeScope();
    }

    private Tensor Visible(IReadOnlyList<IReadOnlyList<long>> prompts, int capacity)
    {
        int longest = prompts.Max(prompt => prompt.Count);
        bool[] visible = new bool[prompts.Count * capacity];
        for (int i = 0; i < prompts.Count; i++)
        {
            for (int j = 0; j < capacity; j++)
            {
                visible[(i * capacity) + j] = j < prompts[i].Count || j >= longest;
            }
        }

        return tensor(visible, [prompts.Count, 1, 1, capacity], device: device).DetachFromDisposeScope();
    }

    private Tensor Step(List<long> ids, List<Row> rows, KeyValueCache cache)
    {
        using DisposeScope scope = NewDisposeScope();
        bool isEven = cache.Visible is null;
        Tensor? positions = isEven ? null : tensor(rows.Select(row => row.Prompt + (long)row.Ids.Count - 1).ToArray(), [rows.Count, 1], device: device);
        Batch x = new Batch(tensor(ids.ToArray(), [ids.Count, 1], device: device)) { Positions = positions };
        return Hidden(x, cache, 1).squeeze(1).MoveToOuterDisposeScope();
    }

    private Tensor Hidden(Batch x, KeyValueCache cache, int count)
    {
        Tensor hidden = network.Hidden(x with { Cache = cache, Type = type }, 0);
        cache.Advance(count);
        return hidden;
    }

    private Tensor Logits(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        return network.Head.Forward(hidden).MoveToOuterDisposeScope();
    }

    private static List<long> Draw(Tensor logits, List<Row> rows, GenerationOptions options)
    {
        if (options.Temperature == 0)
        {
            using Tensor best = logits.argmax(1);
            using Tensor local = best.cpu();
            return [.. local.data<long>()];
        }

        using Tensor values = logits.cpu();
        float[] all = values.data<float>().ToArray();
        int vocabulary = all.Length / rows.Count;
        return [.. rows.Select((row, i) => row.Sampler.Draw(all.AsSpan(i * vocabulary, vocabulary)))];
    }

    private static bool Accept(Row row, long id, Func<int, long, bool> accept)
    {
        row.Ids.Add(id);
        return accept(row.Index, id);
    }

    /// <summary>Takes texts that have ended out of the batch.</summary>
    private void Leave(List<Row> rows, List<long> next, bool[] goesOn, KeyValueCache cache)
    {
        if (!goesOn.Contains(false))
        {
            return;
        }

        long[] kept = [.. Enumerable.Range(0, rows.Count).Where(i => goesOn[i]).Select(i => (long)i)];
        using (Tensor places = tensor(kept, device: device))
        {
            cache.Select(places);
        }

        _ended.AddRange(rows.Where((_, i) => !goesOn[i]));
        (Row[] rest, long[] ids) = ([.. kept.Select(i => rows[(int)i])], [.. kept.Select(i => next[(int)i])]);
        rows.Clear();
        rows.AddRange(rest);
        next.Clear();
        next.AddRange(ids);
    }

    private sealed record Row(int Index, int Prompt, TokenSampler Sampler)
    {
        public List<long> Ids { get; } = [];
    }
}
