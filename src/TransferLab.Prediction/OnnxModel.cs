using Microsoft.ML.OnnxRuntime;
using TransferLab.Data;

namespace TransferLab.Prediction;

/// <summary>
/// A classifier that TransferLab exported as ONNX, from image files or texts to probabilities, on ONNX Runtime alone. Immutable, and safe to use from
/// several threads. Owns the session.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private const int BatchSize = 16;
    private const string Output = "probabilities";
    private readonly InferenceSession _session;
    private readonly ModelMetadataReader _metadata;
    private readonly RunOptions _options = new();

    private OnnxModel(InferenceSession session, string name)
    {
        _session = session;
        _metadata = new(session.ModelMetadata.CustomMetadataMap, name);
        CheckSignature(name);
    }

    /// <summary>Class names in label order.</summary>
    public IReadOnlyList<string> Classes => _metadata.Classes;

    /// <summary>What it labels: <c>image</c> or <c>text</c>.</summary>
    public string Kind => MaxTokens == 0 ? "image" : "text";

    /// <summary>Width and height that the network sees, pixels; 0 for texts.</summary>
    public int ImageSize => _metadata.ImageSize;

    /// <summary>Longest text, tokens; 0 for images.</summary>
    public int MaxTokens => _metadata.MaxTokens;

    /// <summary>
    /// The <c>tokenizer.json</c> by which texts of this model are split; null for images, and for word pieces in lower case, which this package splits itself.
    /// Where it is there, <see cref="Tokenizer"/> has to be set before texts are labelled.
    /// </summary>
    public string? TokenizerJson => _metadata.TokenizerJson;

    /// <summary>
    /// Splits a text as <see cref="TokenizerJson"/> says: its ids, special tokens and the metadata's <c>text.prefix</c> included. TransferLab's own is
    /// <c>OnnxTokenizer.Provide(model)</c>. It is called on one thread at a time for a call of <see cref="Predict"/>.
    /// </summary>
    public Func<string, long[]>? Tokenizer { get; set; }

    /// <summary>What the file says about itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Loads a model. The caller disposes it.</summary>
    /// <param name="path">A file that <c>transferlab export</c> or <c>transferlab compare</c> wrote.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one a core.</param>
    /// <param name="quickStart">
    /// Whether to leave out the rewriting of convolutions for this processor, which makes the start about half as long and each prediction up to half as long
    /// again: for a few items in a process that ends then.
    /// </param>
    /// <exception cref="DataException">The file is missing, damaged, or not a model of TransferLab.</exception>
    public static OnnxModel Load(string path, int threads = 0, bool quickStart = false) => !File.Exists(path)
        ? throw new DataException($"{path}: there is no such file.")
        : Open(path, threads, quickStart, options => new InferenceSession(path, options));

    /// <summary>Loads a model from memory. The caller disposes it.</summary>
    /// <exception cref="DataException">The bytes are damaged, or not a model of TransferLab.</exception>
    public static OnnxModel Load(byte[] model, int threads = 0) =>
        Open("the model in memory", threads, quickStart: false, options => new InferenceSession(model, options));

    /// <summary>Labels examples.</summary>
    /// <param name="sources">Paths of image files, or texts.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each example the probabilities of the classes, which sum to 1.</returns>
    /// <exception cref="UnreadableImageException">An image file cannot be decoded whole.</exception>
    /// <exception cref="DataException">Texts need a <see cref="Tokenizer"/>, and none was given.</exception>
    public IReadOnlyList<float[]> Predict(IReadOnlyList<string> sources, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Func<string, long[]>? tokenizer = Kind == "image" ? null : Tokenizer ?? (_metadata.Tokenizer is { } own ? own.Encode : throw new DataException(
            "Texts of this model are split by a tokenizer.json, which needs the tokenizers' native part: give OnnxModel.Tokenizer one (OnnxTokenizer.Provide "
                + "of the package TransferLab does), or predict with the model's .safetensors file."));
        float[][] rows = new float[sources.Count][];
        int done = 0;
        foreach (int[] batch in Order(sources).Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            string[] chosen = [.. batch.Select(i => sources[i])];
            float[][] found = tokenizer is not null ? PredictTexts(tokenizer, chosen) : PredictImages(chosen, cancellation);
            for (int i = 0; i < batch.Length; i++)
            {
                rows[batch[i]] = found[i];
            }

            progress?.Report((double)(done += batch.Length) / sources.Count);
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    /// <summary>Runs planes [N, 3, size, size], red first, 0 to 255.</summary>
    internal float[][] Run(float[] planes, int count)
    {
        using OrtValue images = OrtValue.CreateTensorValueFromMemory(planes, [count, 3, ImageSize, ImageSize]);
        return Run(["image"], [images]);
    }

    /// <summary>Runs token ids [N, T] with their mask.</summary>
    internal float[][] Run(long[] ids, long[] mask, int count)
    {
        long[] shape = [count, ids.Length / count];
        using OrtValue tokens = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using OrtValue kept = OrtValue.CreateTensorValueFromMemory(mask, shape);
        return Run(["input_ids", "attention_mask"], [tokens, kept]);
    }

    private float[][] Run(string[] names, OrtValue[] inputs)
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_options, names, inputs, [Output]);
        return [.. outputs[0].GetTensorDataAsSpan<float>().ToArray().Chunk(Classes.Count)];
    }

    private float[][] PredictImages(string[] files, CancellationToken cancellation)
    {
        int size = ImageSize, plane = size * size;
        float[] planes = new float[files.Length * 3 * plane];
        ParallelLoop.Run(files.Length, Render, cancellation);
        return Run(planes, files.Length);

        void Render(int i)
        {
            byte[] rgb = new byte[3 * plane];                                    // (size, size, 3)
            ImageFile.Render(files[i], size, _metadata.View, rgb);
            for (int at = 0; at < rgb.Length; at++)
            {
                planes[(((i * 3) + (at % 3)) * plane) + (at / 3)] = rgb[at];     // (N, 3, size, size)
            }
        }
    }

    private float[][] PredictTexts(Func<string, long[]> tokenizer, string[] texts)
    {
        long[][] tokens = [.. texts.Select(text => Cut(tokenizer(text)))];
        int longest = tokens.Max(text => text.Length);
        long[] ids = new long[texts.Length * longest], mask = new long[ids.Length];
        Array.Fill(ids, _metadata.Padding);
        for (int i = 0; i < texts.Length; i++)
        {
            tokens[i].CopyTo(ids, i * longest);
            mask.AsSpan(i * longest, tokens[i].Length).Fill(1);
        }

        return Run(ids, mask, texts.Length);
    }

    /// <summary>What is too long is cut before its last token, which ends the text.</summary>
    private long[] Cut(long[] ids) => ids.Length <= MaxTokens ? ids : [.. ids.AsSpan(0, MaxTokens - 1), ids[^1]];

    /// <summary>Texts of like lengths side by side: little padding.</summary>
    private IEnumerable<int> Order(IReadOnlyList<string> sources)
    {
        IEnumerable<int> all = Enumerable.Range(0, sources.Count);
        return Kind == "image" ? all : all.OrderBy(i => sources[i].Length);
    }

    private void CheckSignature(string name)
    {
        string[] expected = Kind == "image" ? ["image"] : ["input_ids", "attention_mask"];
        if (!expected.All(_session.InputMetadata.ContainsKey) || _session.InputMetadata.Count != expected.Length
            || !_session.OutputMetadata.TryGetValue(Output, out NodeMetadata? output) || output.Dimensions[^1] != Classes.Count)
        {
            throw new DataException(
                $"{name}: its inputs and outputs are not {string.Join(", ", expected)} and {Output} of {Classes.Count} classes; the file is damaged.");
        }
    }

    private static OnnxModel Open(string name, int threads, bool quickStart, Func<SessionOptions, InferenceSession> open)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            GraphOptimizationLevel = quickStart ? GraphOptimizationLevel.ORT_ENABLE_EXTENDED : GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        InferenceSession session;
        try
        {
            session = open(options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new DataException($"{name}: not an ONNX model that ONNX Runtime can run ({e.Message.Split('\n')[0]}).", e);
        }

        try
        {
            return new(session, name);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
