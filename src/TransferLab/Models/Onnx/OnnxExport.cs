using System.Text.Json;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Onnx;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models.Onnx;

/// <summary>Writes a trained network as an ONNX file that runs without libtorch.</summary>
/// <remarks>
/// Input: <c>image</c> [N, 3, size, size] float32, red first, 0 to 255, short side resized and centre cropped; or <c>input_ids</c> and
/// <c>attention_mask</c> [N, T] int64. Output: <c>probabilities</c> [N, classes]. Classes and preprocessing are in the metadata, with the keys of the
/// native file. Weights are float32, whatever type training computed in.
/// </remarks>
internal static class OnnxExport
{
    /// <summary>Writes the file, whole or not at all, after ONNX Runtime has found what the network finds.</summary>
    /// <exception cref="InvalidOperationException">It does not; nothing is written.</exception>
    public static void Write(
        string path, BackboneNetwork network, InputEncoder encoder, ArchitectureDescription architecture, IReadOnlyList<string> classes,
            OnnxPrecision precision, OnnxHead head, BackboneCard? card = null)
    {
        byte[] model = Bytes(network, encoder, architecture, classes, precision, head, card);
        WholeFile.Write(path, stream => stream.Write(model));
    }

    /// <summary>The file's content, which ONNX Runtime has run.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime finds something else than the network.</exception>
    public static byte[] Bytes(
        BackboneNetwork network, InputEncoder encoder, ArchitectureDescription architecture, IReadOnlyList<string> classes, OnnxPrecision precision,
            OnnxHead head, BackboneCard? card = null)
    {
        using IDisposable noGradient = no_grad();
        Dictionary<string, Tensor> state = network.Module.state_dict();
        OnnxGraph graph = new();
        string features = architecture.Architecture.AddTo(graph, state, architecture.Text, encoder);
        graph.Output("probabilities", head.Add(graph, features), classes.Count);
        Dictionary<string, string> metadata = new()
        {
            [ModelFile.FormatKey] = ModelFile.NetworkFormat,
            [ModelFile.ClassesKey] = JsonSerializer.Serialize(classes),
            [ModelFile.ArchitectureKey] = architecture.Text,
        };
        encoder.AddTo(metadata);
        CardMetadata.AddTo(metadata, card);
        if (precision == OnnxPrecision.Int8)
        {
            graph.Quantize();
        }

        byte[] model = graph.Bytes(metadata);
        OnnxCheck.Agree(model, network, encoder, precision, head);
        return model;
    }
}
