using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Training;

namespace TransferLab.Pipelines;

/// <summary>
/// A trained network as an ML.NET transformer: a chain of built-in steps around the network as ONNX, with the story of its training. It saves as
/// that chain, so <c>Model.Load</c> gives the chain back, in any ML.NET program. Safe to use from several threads, each with a prediction engine of
/// its own; but an engine that is disposed disposes its model with itself, under the others.
/// </summary>
public sealed class TransferTransformer : ITransformer, IDisposable
{
    private readonly TransformerChain<ITransformer> _chain;

    internal TransferTransformer(TransformerChain<ITransformer> chain, FitResult fitted)
    {
        _chain = chain;
        Classes = fitted.Model.Classes;
        Time = fitted.Time;
        Curve = fitted.Curve;
        Settings = fitted.Settings;
        TrainableParameters = fitted.TrainableParameters;
        Parameters = fitted.Model.Parameters;
    }

    /// <summary>Class names in the order of the score's slots.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Where the time of training went.</summary>
    public RunTime Time { get; }

    /// <summary>How training went.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; }

    /// <summary>What training chose, for display.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Parameters that training moved.</summary>
    public long TrainableParameters { get; }

    /// <summary>All parameters.</summary>
    public long Parameters { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => ((ITransformer)_chain).IsRowToRowMapper;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => ((ITransformer)_chain).GetRowToRowMapper(inputSchema);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => _chain.Transform(input);

    /// <inheritdoc/>
    public void Dispose() => _chain.Dispose();

    /// <summary>ML.NET keeps loading to itself: what can be loaded anywhere is the chain.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_chain).Save(ctx);
}
