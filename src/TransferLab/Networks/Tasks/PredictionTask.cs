using TransferLab.Data;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>What is predicted, and how one prediction is scored. A value; the library's own is <see cref="ClassificationTask"/>.</summary>
public abstract record PredictionTask
{
    /// <summary>Its name in saved models, such as <c>classification</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Width of the network's output.</summary>
    public abstract int Outputs { get; }

    /// <summary>What <see cref="Score"/> measures, such as <c>accuracy</c>; higher is better.</summary>
    public abstract string Metric { get; }

    /// <summary>Names of the classes, where there are some; empty otherwise.</summary>
    public virtual IReadOnlyList<string> Classes => [];

    /// <summary>How many strata the targets have (<see cref="Target.Stratum"/>).</summary>
    public virtual int Strata => 1;

    /// <summary>The head that a run begins with; a new one on pooled features where not said otherwise. The caller owns it.</summary>
    /// <param name="backbone">What it stands on.</param>
    /// <param name="shape">As the strategy has it.</param>
    /// <param name="seed">Of new weights.</param>
    public virtual Head CreateHead(BackboneNetwork backbone, HeadShape shape, int seed) => new ClassificationHead(backbone.FeatureWidth, Outputs, shape, seed);

    /// <summary>The targets of examples as a tensor, whose first axis is the examples'. The caller owns it.</summary>
    /// <exception cref="InvalidOperationException">An example's target is of another kind.</exception>
    public abstract Tensor Targets(IReadOnlyList<Example> examples, Device device);

    /// <summary>Makes of outputs [N, outputs] what a person reads, [N, outputs] float32, such as probabilities. The caller owns the result.</summary>
    public abstract Tensor Predict(Tensor outputs);

    /// <summary>How good one prediction is, higher is better: 1 or 0 for a class.</summary>
    /// <param name="prediction">[outputs], a row of <see cref="Predict"/>.</param>
    /// <param name="example">Its target is looked at.</param>
    public abstract double Score(IReadOnlyList<float> prediction, Example example);

    /// <summary>Adds what a model file's metadata must say to make this task again.</summary>
    public virtual void AddTo(IDictionary<string, string> metadata)
    {
    }
}
