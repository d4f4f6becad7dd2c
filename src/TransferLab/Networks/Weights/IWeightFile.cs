using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// A file, or a folder of files, of named tensors: safetensors, PyTorch or GGUF. Opening one checks what it says of itself; tensors are read one at a time, on
/// several threads at once if need be, and nothing in it is executed.
/// </summary>
internal interface IWeightFile : IDisposable
{
    /// <summary>The file or folder, for messages.</summary>
    string Path { get; }

    /// <summary>What it is, for people: <c>safetensors</c>, <c>GGUF 3</c>.</summary>
    string Format { get; }

    /// <summary>Every tensor by name, in PyTorch's order of dimensions.</summary>
    IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>What the file holds beside these tensors, each with its kind: <c>best_prec1 (a number)</c>.</summary>
    IReadOnlyList<string> LeftOut { get; }

    /// <summary>Reads a tensor to the CPU, contiguous, in the file's type; quantised blocks become float32. The caller disposes it.</summary>
    /// <exception cref="WeightsException">No such tensor, a type that is not read, or its bytes cannot be read.</exception>
    Tensor Read(string name);

    /// <summary>Reads a tensor of floating-point numbers or quantised blocks as float32 values, row by row, without libtorch.</summary>
    /// <exception cref="WeightsException">No such tensor, it holds no floating-point numbers, or its bytes cannot be read.</exception>
    float[] ReadFloats(string name);
}
