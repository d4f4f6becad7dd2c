using TransferLab.Networks.Weights;
using TransferLab.Networks;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>The head of a saved network: one row of weights a class, so that training can continue with classes of the same names.</summary>
public sealed class HeadWeights
{
    private readonly Dictionary<string, (float[] Weight, float Bias)> _rows = [];

    private HeadWeights(IReadOnlyList<string> classes, float[] weight, float[] bias)
    {
        int width = weight.Length / classes.Count;
        for (int i = 0; i < classes.Count; i++)
        {
            _rows.TryAdd(classes[i], (weight[(i * width)..((i + 1) * width)], bias[i]));
        }
    }

    /// <summary>Class names that it knows.</summary>
    public IReadOnlyCollection<string> Classes => _rows.Keys;

    /// <summary>Reads the head of a network that <see cref="TrainedModel.Save"/> wrote.</summary>
    /// <exception cref="WeightsException">The file is missing, damaged, or holds no network with a head.</exception>
    public static HeadWeights Read(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string[] classes = ModelFile.ReadClasses(file);
        return ModelFile.Required(file, ModelFile.FormatKey) == ModelFile.NetworkFormat
            && file.Tensors.TryGetValue(ModelFile.HeadWeight, out TensorEntry? weight) && weight.Shape is [var rows, _] && rows == classes.Length
            && file.Tensors.TryGetValue("head.bias", out TensorEntry? bias) && bias.Shape is [var biases] && biases == classes.Length
            ? new(classes, file.ReadFloats(ModelFile.HeadWeight), file.ReadFloats("head.bias"))
            : throw new WeightsException($"{path}: holds no network with a head of its classes; continue from the file of a trained network.");
    }

    /// <summary>Puts the rows of classes that it knows into a new network's head; the others stay as they are.</summary>
    internal void Fill(TransferNetwork network, IReadOnlyList<string> classes)
    {
        using IDisposable noGradient = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor weight = network.Classifier.Output.weight!, bias = network.Classifier.Output.bias!;
        for (int i = 0; i < classes.Count; i++)
        {
            if (_rows.TryGetValue(classes[i], out (float[] Weight, float Bias) row) && row.Weight.Length == weight.shape[1])
            {
                weight[i].copy_(tensor(row.Weight));
                bias[i].copy_(tensor(row.Bias));
            }
        }
    }
}
