using TorchSharp;
using TransferLab.Data;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace TransferLab.Tests.Training;

/// <summary>The solvers against known answers, and what decides how long they run.</summary>
[Collection(TorchCollection.Name)]
public sealed class OptimisationTests
{
    public OptimisationTests() => LibTorch.Load();

    [Fact]
    public void FusedAdamW_takes_the_steps_of_TorchSharp_s_AdamW()
    {
        using DisposeScope scope = NewDisposeScope();
        using RandomState random = RandomState.Seeded(1);
        Tensor[] starts = [randn([300, 301]), randn([7]), randn([2, 3, 3, 3])]; // More than one chunk; less than one vector; a tail.
        Parameter[] mine = [.. starts.Select(start => new Parameter(start.clone()))], theirs = [.. starts.Select(start => new Parameter(start.clone()))];
        using FusedAdamW fused = new();
        fused.Add(mine, peakRate: 0.01, weightDecay: 0.1);
        using var reference = optim.AdamW(theirs, lr: 0.01, weight_decay: 0.1);
        for (int step = 0; step < 20; step++)
        {
            for (int i = 0; i < starts.Length; i++)
            {
                Tensor gradient = randn(starts[i].shape);
                mine[i].grad = gradient.clone();
                theirs[i].grad = gradient;
            }

            fused.Step(1);
            reference.step();
        }

        for (int i = 0; i < starts.Length; i++)
        {
            Assert.InRange(mine[i].Minus(theirs[i]).abs().max().item<float>(), 0, 1e-6);
            Assert.InRange(mine[i].Minus(starts[i]).abs().max().item<float>(), 0.01, 10);
        }
    }

    [Fact]
    public void FusedAdamW_leaves_parameters_without_a_gradient_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter still = new(ones([5]));
        using FusedAdamW fused = new();
        fused.Add([still], 0.1, 0.1);
        fused.Step(1);

        Assert.Equal([1, 1, 1, 1, 1], still.data<float>().ToArray());
    }

    [Theory]
    [InlineData(40, 12, ScalarType.Float32)]
    [InlineData(12, 40, ScalarType.Float32)]
    [InlineData(12, 40, ScalarType.BFloat16)]
    public void Muon_s_steps_have_singular_values_near_one_and_keep_the_directions(int rows, int columns, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        using RandomState random = RandomState.Seeded(1);
        Tensor matrix = randn([rows, columns]);

        Tensor orthogonal = Muon.Orthogonal(matrix, type);

        (Tensor u, _, Tensor vt) = linalg.svd(matrix, fullMatrices: false);
        float[] along = u.t().mm(orthogonal).mm(vt.t()).diagonal().data<float>().ToArray();
        Assert.All(along, value => Assert.InRange(value, 0.5f, 1.3f));
    }

    [Fact]
    public void Muon_moves_matrices_by_a_fifth_of_the_rate_and_leaves_tables_and_vectors_to_AdamW()
    {
        using DisposeScope scope = NewDisposeScope();
        using RandomState random = RandomState.Seeded(1);
        Parameter matrix = new(zeros([16, 16])), table = new(zeros([16, 16])), vector = new(zeros([16]));
        using Muon muon = new(new FusedAdamW(), new HashSet<Parameter> { table }, ScalarType.Float32);
        muon.Add([matrix, table, vector], peakRate: 0.01, weightDecay: 0);
        foreach (Parameter parameter in new[] { matrix, table, vector })
        {
            parameter.grad = randn(parameter.shape);
        }

        using IDisposable noGradient = no_grad();
        muon.Step(1);

        Assert.InRange(matrix.square().mean().sqrt().item<float>(), 0.0015f, 0.0025f);
        Assert.All(table.abs().data<float>(), moved => Assert.Equal(0.01f, moved, 1e-4f)); // AdamW's first step is the rate itself.
        Assert.All(vector.abs().data<float>(), moved => Assert.Equal(0.01f, moved, 1e-4f));
        Assert.Equal(5, muon.Moments().Count()); // One velocity, and AdamW's two of each of the others.
    }

    [Fact]
    public void Lbfgs_finds_the_minimum_of_a_convex_function()
    {
        // Badly scaled quadratic plus a logarithm of cosh: the minimum is where each x is its target.
        double[] target = [1, -2, 3, 0.5], scale = [1, 100, 0.01, 5], x = new double[4];
        double F(double[] at, double[] gradient)
        {
            double value = 0;
            for (int i = 0; i < 4; i++)
            {
                double d = at[i] - target[i];
                value += (scale[i] * d * d) + Math.Log(Math.Cosh(d));
                gradient[i] = (2 * scale[i] * d) + Math.Tanh(d);
            }

            return value;
        }

        int iterations = Lbfgs.Minimize(x, F, tolerance: 1e-8, maximumIterations: 200, default);

        Assert.InRange(iterations, 2, 100);
        Assert.All(x.Zip(target), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void Lbfgs_stops_when_cancelled() => Assert.Throws<OperationCanceledException>(() =>
        Lbfgs.Minimize([1.0], (x, gradient) => { gradient[0] = 2 * x[0]; return x[0] * x[0]; }, 1e-8, 10, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logistic_regression_s_gradient_agrees_with_finite_differences(bool counted)
    {
        Random random = new(5);
        LabeledFeatures data = new([.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextSingle()).ToArray())],
            [.. Enumerable.Range(0, 12).Select(i => i % 3)]);
        using LogisticRegression regression = new(data, 3);
        using Tensor? counts = counted ? tensor([.. Enumerable.Range(0, 12).Select(i => i < 9 ? 1f : 0f)]) : null;
        double examples = counted ? 9 : 12;
        double[] at = [.. regression.Start().Select(_ => random.NextDouble() - 0.5)], gradient = new double[at.Length], ignored = new double[at.Length];
        regression.Loss(at, gradient, decay: 0.1, counts, examples);
        for (int i = 0; i < at.Length; i++)
        {
            double[] up = [.. at], down = [.. at];
            up[i] += 1e-2;
            down[i] -= 1e-2;
            double slope = (regression.Loss(up, ignored, 0.1, counts, examples) - regression.Loss(down, ignored, 0.1, counts, examples)) / 2e-2;
            Assert.Equal(slope, gradient[i], 2e-4);
        }
    }

    [Fact]
    public void The_learning_rate_rises_to_its_peak_and_falls_to_nothing()
    {
        LearningRateSchedule schedule = new(Schedule.Cosine, Steps: 100, WarmUp: 0.1);
        double[] shares = [.. Enumerable.Range(0, 100).Select(schedule.At)];

        Assert.Equal(1.0 / 11, shares[0], 1e-9);
        Assert.Equal(1, shares[10], 1e-9);
        Assert.Equal(0.5, shares[55], 1e-9);
        Assert.InRange(shares[99], 1e-6, 1e-2);
        Assert.All(Enumerable.Range(1, 10), i => Assert.True(shares[i] > shares[i - 1]));
        Assert.All(Enumerable.Range(11, 89), i => Assert.True(shares[i] < shares[i - 1]));
        Assert.InRange(new LearningRateSchedule(Schedule.Cosine, 1, 0.1).At(0), 0.1, 1);
    }

    [Theory]
    [InlineData(100, 21, 16, 0, false)]
    [InlineData(400, 10, 32, 60, false)]
    [InlineData(2000, 6, 32, 300, true)]
    [InlineData(10_000, 4, 32, 600, true)]
    public void Effort_follows_the_number_of_examples(int count, int epochs, int batch, int heldOut, bool stops)
    {
        Example[] examples = Examples(count);
        EpochPlan epochPlan = EpochPlan.For(examples, epochs: null, seed: 1);

        Assert.Equal((epochs, batch, heldOut, stops), (epochPlan.Epochs, epochPlan.BatchSize, epochPlan.HeldOut.Count, epochPlan.StopsEarly));
        Assert.Equal(examples.Select(e => e.Name).Order(), epochPlan.Train.Concat(epochPlan.HeldOut).Select(e => e.Name).Order());
        Assert.Equal(3, EpochPlan.For(examples, epochs: 3, seed: 1).Epochs);
    }

    [Theory]
    [InlineData(400, 200, 0)] // One of two a class would be half of all.
    [InlineData(300, 30, 60)]
    [InlineData(1200, 1200, 0)] // Of one example nothing can be held out.
    [InlineData(1200, 400, 400)] // A third, but it decides when to stop.
    public void What_is_held_out_to_be_shown_alone_is_little_however_many_classes_there_are(int count, int classes, int heldOut)
    {
        EpochPlan epochPlan = EpochPlan.For(Examples(count, classes), epochs: null, seed: 1);

        Assert.Equal((heldOut, count - heldOut), (epochPlan.HeldOut.Count, epochPlan.Train.Count));
        Assert.Equal(count >= 1000 && heldOut > 0, epochPlan.StopsEarly);
        Assert.StartsWith(heldOut == 0 ? "none" : $"{heldOut} examples held out", epochPlan.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Logistic_regression_leaves_no_tensor_of_a_fit()
    {
        LabeledFeatures data = new([[0, 1], [1, 0], [1, 1]], [0, 1, 1]);
        using LogisticRegression regression = new(data, 2);
        using Tensor counts = ones(3);
        using DisposeScope scope = NewDisposeScope();
        regression.Fit(regression.Start(), 0.1, counts, default);

        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Logistic_regression_in_blocks_agrees_with_one_block()
    {
        Random random = new(5);
        float[][] rows = [.. Enumerable.Range(0, 250).Select(_ => Enumerable.Range(0, 6).Select(i => (float)(i + random.NextDouble())).ToArray())];
        LabeledFeatures data = new(rows, [.. rows.Select(row => row[0] > 0.5 ? 1 : row[1] > 1.5 ? 2 : 0)]);
        using Tensor counts = tensor(Enumerable.Range(0, 250).Select(i => i % 3 == 0 ? 0f : 1f).ToArray());
        using LogisticRegression whole = new(data, 3), blocks = new(data, 3, mostInBlock: 64);
        double[] one = whole.Start(), other = blocks.Start();
        whole.Fit(one, 0.01, counts, default);
        blocks.Fit(other, 0.01, counts, default);

        Assert.Equal(one, other, (x, y) => Math.Abs(x - y) < 1e-3);
        Assert.Equal(whole.Evaluate(one, counts).Loss, blocks.Evaluate(other, counts).Loss, 1e-4);
    }

    [Fact]
    public void A_seeded_stretch_leaves_torch_s_generator_as_it_was()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] before = get_rng_state().bytes.ToArray();
        float[] Draw(int seed)
        {
            using RandomState random = RandomState.Seeded(seed);
            return rand([4]).data<float>().ToArray();
        }

        float[] first = Draw(3);
        Assert.Equal(first, Draw(3));
        Assert.NotEqual(first, Draw(4));
        Assert.Equal(before, get_rng_state().bytes.ToArray());
    }

    private static Example[] Examples(int count, int classes = 4) => [.. Enumerable.Range(0, count).Select(i => new Example($"{i:00000}", "", i % classes))];
}
