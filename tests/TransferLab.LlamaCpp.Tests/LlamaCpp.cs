using LLama;
using LLama.Common;
using LLama.Native;

namespace TransferLab.LlamaCpp.Tests;

/// <summary>A GGUF file in llama.cpp: logits of token ids, with or without an adapter.</summary>
internal sealed class LlamaCpp : IDisposable
{
    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;

    public LlamaCpp(string path, string? adapter = null, int threads = 2)
    {
        NativeLogConfig.llama_log_set((_, _) => { });
        ModelParams parameters = new(path)
        {
            ContextSize = 1024,
            BatchSize = 1024,
            UBatchSize = 1024,
            GpuLayerCount = 0,
            Threads = threads,
            BatchThreads = threads,
            TypeK = GGMLType.GGML_TYPE_F32,
            TypeV = GGMLType.GGML_TYPE_F32,
            FlashAttention = false,
        };
        _weights = LLamaWeights.LoadFromFile(parameters);
        _context = _weights.CreateContext(parameters);
        if (adapter is not null)
        {
            LoraAdapter lora = _weights.NativeHandle.LoadLoraFromFile(adapter);
            _context.NativeHandle.SetLoraAdapters((lora, 1f));
        }
    }

    /// <summary>Logits behind every id, [ids, vocabulary].</summary>
    public float[][] Logits(IReadOnlyList<long> ids)
    {
        _context.NativeHandle.MemoryClear();
        LLamaBatch batch = new();
        for (int i = 0; i < ids.Count; i++)
        {
            batch.Add((LLamaToken)(int)ids[i], i, LLamaSeqId.Zero, true);
        }

        DecodeResult result = _context.NativeHandle.Decode(batch);
        Assert.Equal(DecodeResult.Ok, result);
        return [.. ids.Select((_, i) => _context.NativeHandle.GetLogitsIth(i).ToArray())];
    }

    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }
}
