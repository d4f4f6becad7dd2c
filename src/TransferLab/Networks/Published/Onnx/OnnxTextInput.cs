using Microsoft.ML.OnnxRuntime;
using Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// The inputs of an ONNX graph of texts, as exporters of the Hugging Face hub's models name them: token ids, and what of mask, token types and positions it
/// asks for, each [N, T].
/// </summary>
internal sealed record OnnxTextInput : OnnxInput
{
    private const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids", Positions = "position_ids";
    private const int MostBatch = 4096, MostLength = 1 << 16;
    private static readonly int[] s_types =
        [(int)TensorProto.Types.DataType.Int64, (int)TensorProto.Types.DataType.Int32, (int)TensorProto.Types.DataType.Float];

    private readonly (string Name, string Role, int Type)[] _inputs;

    private OnnxTextInput((string Name, string Role, int Type)[] inputs) => _inputs = inputs;

    /// <summary>Tokens of a text that the file fixes; null where it takes any number.</summary>
    public int? Length { get; private init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> UsualOutputs => ["last_hidden_state", "token_embeddings", "sentence_embedding"];

    /// <summary>Whether a graph reads token ids.</summary>
    public static bool IsLike(OnnxFile file) => file.Inputs.Any(input => input.Name == Ids)
        || file.Inputs is [{ Type.TensorType: { Shape.Dim.Count: 2 } tensor }] && tensor.ElemType != s_types[^1] && s_types.Contains(tensor.ElemType);

    /// <inheritdoc cref="OnnxInput.Of"/>
    public static new OnnxTextInput Of(OnnxFile file)
    {
        List<(string Name, string Role, int Type)> inputs = [];
        List<(long Batch, long Length)> sizes = [];
        foreach (ValueInfoProto input in file.Inputs)
        {
            string? role = file.Inputs.Count == 1 ? Ids : input.Name is Ids or Mask or Types or Positions ? input.Name : null;
            if (role is null || input.Type?.TensorType is not { } tensor || !s_types.Contains(tensor.ElemType)
                || tensor.Shape?.Dim is not ([] or [_, _]))
            {
                throw new WeightsException(
                    $"{file.Path}: of a graph of texts {Ids}, {Mask}, {Types} and {Positions} [N, T] can be given, and this one takes "
                        + $"{OnnxFile.Shown(input)}.");
            }

            inputs.Add((input.Name, role, tensor.ElemType));
            sizes.Add(tensor.Shape?.Dim is [var batch, var length] ? (batch.DimValue, length.DimValue) : default);
        }

        (long rows, long tokens) = (sizes.Max(size => size.Batch), sizes.Max(size => size.Length));
        return rows <= MostBatch && tokens <= MostLength && tokens is not (1 or 2)
            ? new([.. inputs]) { Batch = rows > 0 ? (int)rows : null, Length = tokens > 0 ? (int)tokens : null }
            : throw new WeightsException($"{file.Path}: takes {rows} texts of {tokens} tokens at a time, and no network of texts does.");
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, OrtValue> Feed(Batch part, int rows)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        (int count, int tokens) = ((int)part.Values.shape[0], (int)part.Values.shape[1]);
        int width = Length ?? tokens;
        long[] ids = part.Values.to(ScalarType.Int64).cpu().contiguous().data<long>().ToArray();
        long[] mask = (part.Mask is { } given ? given.to(ScalarType.Int64) : ones_like(part.Values)).cpu().contiguous().data<long>().ToArray();
        Dictionary<string, OrtValue> fed = [];
        foreach ((string name, string role, int type) in _inputs)
        {
            long[] values = new long[(long)rows * width];
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < tokens; j++)
                {
                    values[(i * width) + j] = role switch { Ids => ids[(i * tokens) + j], Mask => mask[(i * tokens) + j], Positions => j, _ => 0 };
                }
            }

            fed[name] = Value(values, [rows, width], type);
        }

        return fed;
    }

    /// <inheritdoc/>
    public override Tensor Taken(Tensor output, Batch part) =>
        output.Dimensions == 3 && Length is not null ? output.narrow(1, 0, part.Values.shape[1]) : output;

    /// <inheritdoc/>
    public override string Describe(Batch part) => $"texts of {part.Values.shape[^1]} tokens";

    /// <inheritdoc/>
    public override Batch Probe(InputEncoder encoder)
    {
        long[] ids = ((TextEncoder)encoder).Tokens("A text.", Length ?? MostLength);
        return new(tensor(ids, [1, ids.Length]));
    }

    private static OrtValue Value(long[] values, long[] shape, int type) => (TensorProto.Types.DataType)type switch
    {
        TensorProto.Types.DataType.Int32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (int)value), shape),
        TensorProto.Types.DataType.Float => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (float)value), shape),
        _ => OrtValue.CreateTensorValueFromMemory(values, shape),
    };
}
