using System.Runtime.InteropServices;
using TorchSharp;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Multinomial logistic regression on standardised features, minimised to convergence. The loss is the mean cross-entropy over the examples that
/// count plus half the decay times the squared weights; biases are free.
/// </summary>
/// <remarks>
/// Examples pass in blocks, and only the features of a set that is one block are kept as a tensor: a large one would otherwise be in memory twice,
/// here and in the cache. Copying a block again costs less than its products. Owns its tensors.
/// </remarks>
internal sealed class LogisticRegression : IDisposable
{
    private const int MostInBlock = 4096;
    private readonly IReadOnlyList<float[]> _rows;
    private readonly int _blockSize;
    private readonly Tensor? _only;    // (N, D) float32, standardised; where that is one block
    private readonly Tensor _labels;   // (N) int64
    private readonly Tensor _mean, _deviation;
    private readonly int _classes, _width;

    public LogisticRegression(LabeledFeatures data, int classes, int mostInBlock = MostInBlock)
    {
        _rows = data.Rows;
        _blockSize = mostInBlock;
        _classes = classes;
        _width = _rows[0].Length;
        using DisposeScope scope = NewDisposeScope();
        _labels = tensor(data.Labels.Select(label => (long)label).ToArray());
        (_mean, _deviation) = Moments();
        _only = _rows.Count <= mostInBlock ? Standardized(0, _rows.Count) : null;
        scope.Detach(_labels, _mean, _deviation);
        if (_only is not null)
        {
            scope.Detach(_only);
        }
    }

    /// <summary>Weights and biases, [classes x width] then [classes], of the standardised problem.</summary>
    public double[] Start() => new double[_classes * (_width + 1)];

    /// <summary>Minimises from <paramref name="parameters"/>, in place.</summary>
    /// <param name="parameters">Start, then the answer.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="counts">[N] float32, the weights of the examples, 0 for those held out; null where all count the same.</param>
    /// <param name="cancellation">Asked at every iteration.</param>
    public int Fit(double[] parameters, double decay, Tensor? counts, CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        using Tensor? sum = counts?.sum();
        double examples = sum is null ? _rows.Count : sum.item<float>();
        return Lbfgs.Minimize(parameters, (x, gradient) => Loss(x, gradient, decay, counts, examples), tolerance: 1e-4, maximumIterations: 200, cancellation);
    }

    /// <summary>Mean cross-entropy and accuracy over the examples that <paramref name="counts"/> names.</summary>
    public (double Loss, double Accuracy) Evaluate(double[] parameters, Tensor counts)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor bias) = Split(parameters);
        (double loss, double right, double total) = (0, 0, counts.sum().item<float>());
        ForEachBlock(counts, (features, labels, weights) =>
        {
            Tensor logits = Logits(features, weight, bias);
            Tensor losses = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None);
            right += (logits.argmax(1).eq(labels).to(ScalarType.Float32) * weights!).sum().item<float>();
            loss += (losses * weights!).sum().item<float>();
        });
        return (loss / total, right / total);
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
        _only?.Dispose();
        _labels.Dispose();
        _mean.Dispose();
        _deviation.Dispose();
    }

    internal double Loss(double[] parameters, double[] gradient, double decay, Tensor? counts, double examples)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor bias) = Split(parameters);
        Array.Clear(gradient);
        double loss = 0;
        ForEachBlock(counts, (features, labels, weights) =>
        {
            Tensor logProbabilities = Logits(features, weight, bias).log_softmax(1);              // (B, K)
            Tensor losses = -logProbabilities.gather(1, labels.unsqueeze(1)).squeeze(1);          // (B)
            Tensor error = logProbabilities.exp_();                                               // (B, K)
            error.scatter_add_(1, labels.unsqueeze(1), -ones([labels.shape[0], 1]));
            if (weights is not null)
            {
                losses = losses * weights;
                error.mul_(weights.unsqueeze(1));
            }

            Add(error.t().mm(features), gradient.AsSpan(0, _classes * _width));                   // (K, D)
            Add(error.sum([0]), gradient.AsSpan(_classes * _width));                              // (K)
            loss += losses.to(ScalarType.Float64).sum().item<double>();
        });
        double squares = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            bool isWeight = i < _classes * _width;
            gradient[i] = (gradient[i] / examples) + (isWeight ? decay * parameters[i] : 0);
            squares += isWeight ? parameters[i] * parameters[i] : 0;
        }

        return (loss / examples) + (0.5 * decay * squares);
    }

    private static Tensor Logits(Tensor features, Tensor weight, Tensor bias) => features.mm(weight.t()).PlusInPlace(bias); // (B, K)

    /// <summary>Mean and deviation of every feature; features that do not vary keep their width.</summary>
    private (Tensor Mean, Tensor Deviation) Moments()
    {
        Tensor mean = zeros(_width), squares = zeros(_width), examples = tensor((float)_rows.Count);
        Each((first, count) => mean.PlusInPlace(Raw(first, count).sum([0L])));
        mean.div_(examples);
        Each((first, count) =>
        {
            Tensor distance = Raw(first, count).MinusInPlace(mean);
            squares.PlusInPlace(distance.mul_(distance).sum([0L]));
        });
        Tensor deviation = squares.div_(examples).sqrt_();
        return (mean, where(deviation.gt(tensor(1e-6f)), deviation, ones_like(deviation)));
    }

    private void ForEachBlock(Tensor? counts, Action<Tensor, Tensor, Tensor?> act) => Each((first, count) =>
        act(_only ?? Standardized(first, count), _labels.narrow(0, first, count), counts?.narrow(0, first, count)));

    private void Each(Action<int, int> act)
    {
        for (int first = 0; first < _rows.Count; first += _blockSize)
        {
            using DisposeScope scope = NewDisposeScope();
            act(first, Math.Min(_blockSize, _rows.Count - first));
        }
    }

    private Tensor Standardized(int first, int count) => Raw(first, count).MinusInPlace(_mean).div_(_deviation);

    /// <summary>
    /// Features [count, D]. A tensor over a managed array lies wherever the array does, and matrix products round by alignment: a tensor of its
    /// own gives the same bits each run.
    /// </summary>
    private Tensor Raw(int first, int count)
    {
        Tensor block = empty([count, _width]);
        Span<float> values = MemoryMarshal.Cast<byte, float>(block.bytes);
        for (int i = 0; i < count; i++)
        {
            _rows[first + i].CopyTo(values[(i * _width)..]);
        }

        return block;
    }

    private (Tensor Weight, Tensor Bias) Split(double[] parameters)
    {
        float[] values = Array.ConvertAll(parameters, value => (float)value);
        return (tensor(values[..(_classes * _width)], [_classes, _width]).clone(), tensor(values[(_classes * _width)..]).clone());
    }

    private static void Add(Tensor values, Span<double> target)
    {
        float[] floats = values.contiguous().data<float>().ToArray();
        for (int i = 0; i < floats.Length; i++)
        {
            target[i] += floats[i];
        }
    }
}
