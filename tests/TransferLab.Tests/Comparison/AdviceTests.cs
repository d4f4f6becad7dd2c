using TransferLab.Comparison;
using TransferLab.Comparison.Advice;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Comparison;

/// <summary>Scores of frozen features, and what is drawn from them.</summary>
[Collection(TorchCollection.Name)]
public sealed class AdviceTests
{
    [Fact]
    public void Scores_tell_features_that_know_the_classes_from_noise()
    {
        (LabeledFeatures known, LabeledFeatures noise) = (Features(separation: 3), Features(separation: 0));

        Assert.True(LinearEvidence.LogMe(known, 3) > LinearEvidence.LogMe(noise, 3) + 0.2);
        Assert.True(LinearEvidence.HScore(known, 3) > 2 * LinearEvidence.HScore(noise, 3));
        Assert.InRange(LinearEvidence.HScore(known, 3), 0.3, 1);
        Assert.InRange(LinearEvidence.HScore(Features(separation: 0, count: 12, width: 128), 3), 0, 1); // Few and wide: much of the covariance is shrunk.
    }

    [Fact]
    public void LogME_is_the_evidence_of_Bayesian_linear_regression()
    {
        // The evidence is the density of y ~ N(0, I / beta + X X' / alpha), at its largest over both precisions.
        LabeledFeatures features = Features(separation: 1, count: 30, width: 4);
        double found = LinearEvidence.LogMe(features, 3);
        double[] steps = [.. Enumerable.Range(0, 41).Select(i => Math.Exp(-6 + (0.3 * i)))];
        double total = 0;
        for (int label = 0; label < 3; label++)
        {
            total += steps.Max(alpha => steps.Max(beta => Evidence(features, label, alpha, beta)));
        }

        Assert.Equal(total / 3 / 30, found, 0.01);
    }

    [Fact]
    public void The_data_and_frozen_features_are_enough_for_scores()
    {
        using SmallTask task = new();
        TransferScores scores = new TransferScorer(SmallBackbone.Create(), SmallBackbone.Compute).Score(task.Data);

        Assert.Equal((3, 18, 18, 6.0), (scores.Classes, scores.Examples, scores.Used, scores.PerClass));
        Assert.All([scores.Probe, scores.Neighbour, scores.RandomNeighbour], share => Assert.InRange(share, 0, 1));
        Assert.InRange(scores.MeanCosine, -1, 1);
        Assert.True(scores.SecondsPerExample > 0);
        Assert.Throws<ArgumentException>(() =>
            new TransferScorer(SmallBackbone.Create(), SmallBackbone.Compute).Score(task.Data with { Train = [.. task.Data.Train.Take(2)] }));
    }

    [Fact]
    public void A_law_in_the_facts_is_found_and_predicts_data_that_was_left_out()
    {
        // Fine-tuning gains much where pretraining adds little, and loses a little where it adds much.
        AdviceFact[] facts = [.. Enumerable.Range(0, 10).Select(i => Fact($"set{i}", likeness: i / 10.0))];
        AdviceCheck check = AdviceCheck.Of(facts);

        Assert.Equal(facts.Length, check.Lines.Count);
        Assert.True(check.Right >= 9, $"right in {check.Right} of {facts.Length}");
        Assert.True(check.Regret < Math.Min(check.RegretOfFrozen, check.RegretOfFull));
        Assert.Equal("full", check.Lines[0].Recommended);
        Assert.Equal("frozen", check.Lines[9].Recommended);
        Assert.Contains("right in", AdviceText.Of(check), StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_says_what_it_rests_on()
    {
        AdviceFact[] facts = [.. Enumerable.Range(0, 10).Select(i => Fact($"set{i}", likeness: i / 10.0))];
        TransferAdvice advice = new Advisor(facts).Advise(facts[1].Scores);
        string text = AdviceText.Of(advice);

        Assert.Equal("full", advice.Recommended);
        AdvicePrediction full = advice.Predictions.Single(p => p.Strategy == "full");
        Assert.True(full.Gain.Low < full.Gain.Value && full.Gain.Value < full.Gain.High);
        Assert.True(full.Seconds.Value > 0);
        Assert.Equal(
            "Data size: 20 training examples a class. With about as many, fine-tuning was shown to be better than freezing in 7 of 10 measured comparisons, "
                + "and worse in 2.", advice.Reasons[0]);
        Assert.Contains(advice.Reasons[0], text, StringComparison.Ordinal);
        Assert.Contains("Domain: ", text, StringComparison.Ordinal);
        Assert.Contains("Start with full.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strategy_measured_at_one_size_differs_from_its_relative_as_it_did_there()
    {
        // Adapters are a little behind fine-tuning and twice as fast, another head a little ahead of the linear one. Fine-tuning was measured at another size
        // too, where it gains more.
        AdviceOutcome After(AdviceOutcome outcome, string name, double logOdds, double time)
        {
            double accuracy = 1 / (1 + Math.Exp(-Math.Log(outcome.Accuracy / (1 - outcome.Accuracy)) - logOdds));
            return new(name, accuracy, new(0, 0, 0), outcome.Seconds * time, outcome.Epochs);
        }

        AdviceFact[] few = [.. Enumerable.Range(0, 8).Select(i => Fact($"set{i}", likeness: 0.1 + (i / 100.0))).Select(fact => fact with
        {
            Outcomes = [.. fact.Outcomes, After(fact.Outcomes[1], "lora", -0.02, 0.5), After(fact.Outcomes[0], "frozen-mlp", 0.05, 1)],
        })];
        AdviceFact[] many = [.. Enumerable.Range(0, 8).Select(i => Fact($"set{i}", likeness: -0.4 + (i / 100.0)))
            .Select(fact => fact with { Scores = fact.Scores with { Examples = 2000, Neighbour = few[0].Scores.Neighbour } })];
        TransferAdvice advice = new Advisor([.. few, .. many]).Advise(many[0].Scores);
        AdvicePrediction full = advice.Predictions.Single(p => p.Strategy == "full"), lora = advice.Predictions.Single(p => p.Strategy == "lora"),
            head = advice.Predictions.Single(p => p.Strategy == "frozen-mlp");

        Assert.True(full.Gain.Value > 0.2, $"{full.Gain}");
        Assert.InRange(full.Gain.Value - lora.Gain.Value, 0.0001, 0.01);
        Assert.InRange(head.Gain.Value, 0.001, 0.02);
        Assert.Equal("lora", advice.Recommended);
        Assert.Contains(advice.Reasons, reason => reason.StartsWith("Effort: full is expected to gain 0.", StringComparison.Ordinal)
            && reason.EndsWith("in 2.0 times the time.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_strategy_that_gains_on_texts_alone_is_not_advised_for_images()
    {
        AdviceFact[] facts = [.. Enumerable.Range(0, 8).Select(i => (Fact: Fact($"set{i}", likeness: 0.1 + (i / 100.0)), IsText: i % 2 == 0)).Select(pair =>
        {
            AdviceOutcome full = pair.Fact.Outcomes[1];
            return pair.Fact with
            {
                Scores = pair.Fact.Scores with { Kind = pair.IsText ? InputKind.Text : InputKind.Image },
                Outcomes = [.. pair.Fact.Outcomes, full with { Strategy = "setfit", Accuracy = full.Accuracy + (pair.IsText ? 0.05 : -0.005) }],
            };
        })];
        double Ahead(AdviceFact fact)
        {
            TransferAdvice advice = new Advisor(facts).Advise(fact.Scores);
            double Of(string strategy) => advice.Predictions.Single(p => p.Strategy == strategy).Accuracy.Value;
            return Of("setfit") - Of("full");
        }

        Assert.InRange(Ahead(facts[0]), 0.03, 0.07);
        Assert.InRange(Ahead(facts[1]), -0.01, -0.001);
    }

    [Fact]
    public void Too_few_data_sets_make_no_check() =>
        Assert.Throws<ArgumentException>(() => AdviceCheck.Of([.. Enumerable.Range(0, 4).Select(i => Fact($"set{i}", 0.5))]));

    [Fact]
    public void Without_enough_facts_nothing_is_predicted_and_the_scores_are_still_shown()
    {
        Advisor advisor = new([Fact("one", 0.5)]);

        Assert.False(advisor.CanAdvise);
        Assert.Throws<ArgumentException>(() => advisor.Advise(Fact("other", 0.5).Scores));
        Assert.Contains("LogME", AdviceText.Of(Fact("other", 0.5).Scores), StringComparison.Ordinal);
        Assert.All(AdviceFacts.Embedded(), fact => Assert.StartsWith("transferlab compare", fact.Command, StringComparison.Ordinal));
    }

    private static AdviceFact Fact(string name, double likeness)
    {
        double frozen = 0.7 + (0.01 * (name[^1] % 3)), gain = 0.2 - (0.3 * likeness);
        return new()
        {
            Data = name,
            Command = "transferlab compare",
            Seeds = 3,
            Tests = 500,
            SecondsPerExample = 0.01,
            Scores = new()
            {
                Kind = InputKind.Image,
                Backbone = "small",
                Classes = 10,
                Examples = 200,
                Used = 200,
                Probe = frozen,
                Neighbour = 0.2 + (0.8 * likeness),
                RandomNeighbour = 0.2,
                LogMe = 0,
                HScore = 0.5,
                MeanCosine = 0.5,
                SecondsPerExample = 0.01,
            },
            Outcomes = [new("frozen", frozen, new(0, -0.01, 0.01), 2.5, 30), new("full", frozen + gain, new(gain, gain - 0.02, gain + 0.02), 30, 15)],
        };
    }

    private static LabeledFeatures Features(double separation, int count = 300, int width = 16)
    {
        Random random = new(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return new([.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, width).Select(d => (float)(Normal() + (d == i % 3 ? separation : 0)))
            .ToArray())], [.. Enumerable.Range(0, count).Select(i => i % 3)]);
    }

    /// <summary>log N(y; 0, I / beta + X X' / alpha), by Cholesky's decomposition.</summary>
    private static double Evidence(LabeledFeatures features, int label, double alpha, double beta)
    {
        int n = features.Rows.Count;
        double[,] c = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                c[i, j] = (features.Rows[i].Zip(features.Rows[j], (a, b) => (double)a * b).Sum() / alpha) + (i == j ? 1 / beta : 0);
            }
        }

        double logDeterminant = 0, quadratic = 0;
        double[] z = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = c[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= c[i, k] * c[j, k];
                }

                c[i, j] = i == j ? Math.Sqrt(sum) : sum / c[j, j];
            }

            double rest = features.Labels[i] == label ? 1 : 0;
            for (int k = 0; k < i; k++)
            {
                rest -= c[i, k] * z[k];
            }

            z[i] = rest / c[i, i];
            logDeterminant += 2 * Math.Log(c[i, i]);
            quadratic += z[i] * z[i];
        }

        return -0.5 * ((n * Math.Log(2 * Math.PI)) + logDeterminant + quadratic);
    }
}
