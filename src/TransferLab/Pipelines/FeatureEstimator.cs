using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Pipelines;

/// <summary>
/// The features of a pretrained network as a column, for any trainer of ML.NET to follow. Nothing is trained: fitting writes the network as ONNX,
/// and what predicts and is saved is a chain of ML.NET's own steps.
/// </summary>
public sealed class FeatureEstimator : IEstimator<TransformerChain<ITransformer>>
{
    private readonly MLContext _ml = new(seed: 0);
    private readonly Backbone _backbone;
    private readonly string _kind, _input, _output;

    internal FeatureEstimator(Backbone backbone, string kind, string output, string input)
    {
        PipelineSchema.CheckBackbone(backbone, kind);
        (_backbone, _kind, _output, _input) = (backbone, kind, output, input);
    }

    /// <summary>Makes the transformer; no row is read.</summary>
    public TransformerChain<ITransformer> Fit(IDataView input)
    {
        PipelineSchema.CheckInput(PipelineSchema.ColumnsOf(input), _input, _kind);
        BackboneNetwork backbone = _backbone.CreatePretrained();
        int width = backbone.FeatureWidth;
        using NetworkModel model = new(new TransferNetwork(backbone, classes: 2, seed: 0), _backbone.Encoder, _backbone.Architecture,
            ComputeDevice.Choose("cpu", "float32"))
        { Classes = ["", " "] };
        return PipelineSteps.Featurizer(_ml, input.Schema, _backbone.Encoder, PipelineGraph.ForFeatures(model, width), _input, _output);
    }

    /// <summary>What comes out: the input's columns and the features, a vector of numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => PipelineSchema.OfFeaturizer(_ml, inputSchema, _input, _output, _kind);
}
