using TorchSharp;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Multinomial logistic regression on standardised features, minimised to convergence. Owns its tensors. The loss is the mean cross-entropy
/// over the examples that count plus half the decay times the squared weights; biases are free.
/// </summary>
internal sealed class LogisticRegression : IDisposable
{
    private readonly Tensor _features; // (N, D) float32, standardised
    private readonly Tensor _labels;   // (N) int64
    private readonly Tensor _mean, _deviation;
    private readonly int _classes, _width;

    public LogisticRegression(LabeledFeatures data, int classes)
    {
        _classes = classes;
        _width = data.Rows[0].Length;
        using DisposeScope scope = NewDisposeScope();
        float[] flat = new float[(long)data.Rows.Count * _width];
        for (int i = 0; i < data.Rows.Count; i++)
        {
            data.Rows[i].CopyTo(flat, i * _width);
        }

        // A tensor over a managed array lies wherever the array does, and matrix products round by alignment: clones give the same bits each run.
        Tensor features = tensor(flat, [data.Rows.Count, _width]).clone();
        _mean = features.mean([0]);
        Tensor deviation = features.std(0, unbiased: false);
        _deviation = where(deviation.gt(tensor(1e-6f)), deviation, ones_like(deviation));
        _features = features.MinusInPlace(_mean).div_(_deviation);
        _labels = tensor(data.Labels.Select(label => (long)label).ToArray());
        scope.Detach(_features, _labels, _mean, _deviation);
    }

    /// <summary>Weights and biases, [classes x width] then [classes], of the standardised problem.</summary>
    public double[] Start() => new double[_classes * (_width + 1)];

    /// <summary>Minimises from <paramref name="parameters"/>, in place.</summary>
    /// <param name="parameters">Start, then the answer.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="counts">[N] float32, 1 for examples that count and 0 for those held out; null for all.</param>
    /// <param name="cancellation">Asked at every iteration.</param>
    public int Fit(double[] parameters, double decay, Tensor? counts, CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        double examples = counts is null ? _features.shape[0] : counts.sum().item<float>();
        return Lbfgs.Minimize(parameters, (x, gradient) => Loss(x, gradient, decay, counts, examples), tolerance: 1e-4, maximumIterations: 200, cancellation);
    }

    /// <summary>Mean cross-entropy and accuracy over the examples that <paramref name="counts"/> names.</summary>
    public (double Loss, double Accuracy) Evaluate(double[] parameters, Tensor counts)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = Logits(parameters);
        Tensor losses = nn.functional.cross_entropy(logits, _labels, reduction: nn.Reduction.None);
        double total = counts.sum().item<float>();
        double right = (logits.argmax(1).eq(_labels).to(ScalarType.Float32) * counts).sum().item<float>();
        return ((losses * counts).sum().item<float>() / total, right / total);
    }

    /// <summary>The head for features as they are: standardisation folded in. The caller disposes both.</summary>
    public (Tensor Weight, Tensor Bias) Unstandardized(double[] parameters)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor bias) = Split(parameters);
        weight = weight / _deviation;
        bias = bias.Minus(weight.mv(_mean));
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _features.Dispose();
        _labels.Dispose();
        _mean.Dispose();
        _deviation.Dispose();
    }

    internal double Loss(double[] parameters, double[] gradient, double decay, Tensor? counts, double examples)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logProbabilities = Logits(parameters).log_softmax(1);                              // (N, K)
        Tensor losses = -logProbabilities.gather(1, _labels.unsqueeze(1)).squeeze(1);             // (N)
        Tensor error = logProbabilities.exp_();                                                   // (N, K)
        error.scatter_add_(1, _labels.unsqueeze(1), -ones([_labels.shape[0], 1]));
        if (counts is not null)
        {
            losses = losses * counts;
            error.mul_(counts.unsqueeze(1));
        }

        Read(error.t().mm(_features), gradient.AsSpan(0, _classes * _width));                     // (K, D)
        Read(error.sum([0]), gradient.AsSpan(_classes * _width));                                 // (K)
        double squares = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            bool isWeight = i < _classes * _width;
            gradient[i] = (gradient[i] / examples) + (isWeight ? decay * parameters[i] : 0);
            squares += isWeight ? parameters[i] * parameters[i] : 0;
        }

        return (losses.to(ScalarType.Float64).sum().item<double>() / examples) + (0.5 * decay * squares);
    }

    private Tensor Logits(double[] parameters)
    {
        (Tensor weight, Tensor bias) = Split(parameters);
        return _features.mm(weight.t()).PlusInPlace(bias);                                               // (N, K)
    }

    private (Tensor Weight, Tensor Bias) Split(double[] parameters)
    {
        float[] values = Array.ConvertAll(parameters, value => (float)value);
        return (tensor(values[..(_classes * _width)], [_classes, _width]).clone(), tensor(values[(_classes * _width)..]).clone());
    }

    private static void Read(Tensor values, Span<double> target)
    {
        float[] floats = values.contiguous().data<float>().ToArray();
        for (int i = 0; i < floats.Length; i++)
        {
            target[i] = floats[i];
        }
    }
}
