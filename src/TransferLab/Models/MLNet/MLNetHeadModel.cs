using Microsoft.ML;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>A model of ML.NET's on the features of a frozen backbone. Its part of the file is ML.NET's own .zip, as bytes of the tensor
/// <c>head.mlnet</c>.</summary>
internal sealed class MLNetHeadModel : FrozenFeatureModel
{
    private const string Zip = "head.mlnet";
    private readonly MLNetHead _head;

    internal MLNetHeadModel(FrozenBackbone frozen, MLNetHead head) : base(frozen) => _head = head;

    /// <summary>The model of ML.NET's, from the column Features to the column Score.</summary>
    public ITransformer Head => _head.Model;

    /// <summary>Numbers that ML.NET's trainer learned.</summary>
    internal long Learned => _head.Parameters;

    private protected override string Format => ModelFile.MLNetHeadFormat;

    internal static MLNetHeadModel Load(SafetensorsFile file, IReadOnlyList<string> classes, FrozenBackbone frozen)
    {
        if (!file.Tensors.ContainsKey(Zip))
        {
            throw new WeightsException($"{file.Path}: holds no tensor '{Zip}', the model of ML.NET's; the file is damaged.");
        }

        MLNetHead head = MLNetHead.Load(file.Path, file.ReadBytes(Zip));
        Fill(frozen, file, Zip);
        return new(frozen, head) { Classes = classes };
    }

    private protected override IReadOnlyList<float[]> Label(IReadOnlyList<float[]> features) => _head.Probabilities(features, Classes.Count);

    private protected override IReadOnlyList<(string Name, Tensor Value)> AddTo(IDictionary<string, string> metadata) => [(Zip, tensor(_head.Save()))];
}
