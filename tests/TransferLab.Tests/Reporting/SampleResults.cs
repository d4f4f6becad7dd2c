using SkiaSharp;
using TransferLab.Comparison;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Tests.Reporting;

/// <summary>Results as a comparison could have written them, of any size; the same arguments give the same results.</summary>
internal static class SampleResults
{
    /// <summary>A name that must never become markup.</summary>
    public const string Hostile = "<script>alert(1)</script>";

    /// <summary>An attribute break-out.</summary>
    public const string HostileFile = "a\" onerror=\"alert(1)\" & <img src=x>.jpg";

    /// <summary>Ten strategies, controls and all.</summary>
    public static readonly string[] All = ["frozen", "full", "lp-ft", "gradual", "last-k", "bitfit", "lora", "knn", "scratch", "classical"];

    /// <summary>A small image task: hostile names, three seeds, strategies with and without validation.</summary>
    public static ComparisonResults Images() => Make(["daisy", "tulip", Hostile, "rose & thorn", "sunflower"], 300, 3, ["frozen", "full", "knn", "scratch"]);

    /// <summary>Results over given classes, test examples, seeds and strategies.</summary>
    public static ComparisonResults Make(string[] classes, int tests, int seeds, string[] strategies, bool isText = false)
    {
        Random random = new(7);
        TestExample[] examples =
            [.. Enumerable.Range(0, tests).Select(i =>
                new TestExample(i == 0 ? HostileFile : $"{classes[i % classes.Length]}/{i:0000}.jpg", i % classes.Length))];
        StrategyResult[] results = [.. strategies.Select(name => Strategy(name, classes.Length, examples, seeds, random, isText))];
        return new ComparisonResults
        {
            Program = "transferlab 0.1.0",
            Created = new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero),
            Command = "transferlab compare --images flowers --strategies " + string.Join(',', strategies)
                + $" --seeds {seeds} --train-per-class 40 --out result",
            Data = new DataSummary
            {
                Name = isText ? "tickets" : "flowers",
                Kind = isText ? "text" : "image",
                Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                Classes = classes,
                TrainExamples = 40 * classes.Length,
                TrainPerClass = 40,
                TestExamples = tests,
                Warnings = ["3 files could not be read and were left out."],
            },
            Backbone = Backbone(isText),
            Machine = Machine(),
            Strategies = results,
            Pairs = [.. results.Skip(1).Select(second => Pair(results[0], second))],
            Verdicts =
            [
                results.Length > 1 ? Pair(results[0], results[1]).Sentence : "Only one strategy ran.",
                "Pretraining pays: from random weights, the same network stays far behind.",
            ],
            Test = examples,
            LearningCurves = [.. results.Select(Curve)],
            Crossings = [.. results.Skip(1).Take(1).Select(second => new Crossing
            {
                First = results[0].Name, Second = second.Name, PerClass = 14, Low = 9.5, High = null, Before = 0, After = 0.04,
                    Sentence = $"{second.Name} overtakes {results[0].Name} at about 14 training examples a class.",
            })],
        };
    }

    /// <summary>The strategy with what was seen inside its first run: layer groups, and where some test examples lie before training and after.</summary>
    public static StrategyResult Inspected(StrategyResult strategy, string[] groups, int[] examples, float start = 0)
    {
        RunInspection inside = new([.. groups.Select((group, g) => new LayerChange(group, 0.01 * g, 1 - (0.05 * g)))], Map(start), Map(start + 1));
        return strategy with { Runs = [strategy.Runs[0] with { Inspection = inside }, .. strategy.Runs.Skip(1)] };

        Projection Map(float turn) => new()
        {
            Examples = examples,
            X = [.. examples.Select(i => MathF.Sin(i + turn))],
            Y = [.. examples.Select(i => MathF.Cos(i + turn))],
            ExplainedX = 0.4,
            ExplainedY = 0.2,
        };
    }

    private static LearningCurve Curve(StrategyResult strategy) => new()
    {
        Strategy = strategy.Name,
        Points = [.. new[] { 5, 10, 20, 40 }.Select((n, i) =>
        {
            double accuracy = strategy.Accuracy.Value * (1 - ((strategy.Name == "frozen" ? 0.12 : 0.25) * (3 - i) / 3));
            return new LearningCurvePoint
            {
                PerClass = n, Examples = 5 * n, Accuracy = i == 3 ? strategy.Accuracy : new(accuracy, accuracy - 0.04, Math.Min(1, accuracy + 0.04)),
                    Accuracies = [accuracy - 0.01, accuracy + 0.01],
                MacroF1 = accuracy, LogLoss = 1, TrainSeconds = strategy.TrainSeconds * n / 40,
            };
        })],
    };

    private static StrategyResult Strategy(string name, int classes, TestExample[] examples, int seeds, Random random, bool isText)
    {
        (double accuracy, double seconds, double features, int epochs) = name switch
        {
            "frozen" => (0.874, 0.8, 2.3, 30),
            "full" => (0.919, 41.7, 0, 12),
            "lp-ft" => (0.926, 44.5, 2.3, 14),
            "gradual" => (0.911, 61, 0, 16),
            "last-k" => (0.902, 14.2, 1.9, 14),
            "bitfit" => (0.893, 30.5, 0, 12),
            "lora" => (0.905, 33.9, 0, 12),
            "knn" => (0.861, 0.02, 2.3, 1),
            "scratch" => (0.612, 252, 0, 60),
            _ => (0.548, 1.1, 0, 100),
        };
        RunResult[] runs = [.. Enumerable.Range(1, seeds).Select(seed =>
            Run(seed, accuracy,
                new RunTime { Reading = 0.6, Features = features, Training = seconds * (0.9 + 0.2 * random.NextDouble()), FeaturesFromCache = seed > 1
                    && features > 0 },
                epochs, classes, examples, random, name is not ("knn" or "frozen"), name == "knn"))];
        double mean = runs.Average(r => r.Accuracy), half = 1.96 * Math.Sqrt(mean * (1 - mean) / examples.Length);
        return new StrategyResult
        {
            Name = name,
            Strategy = name,
            Role = StrategyCatalog.Known(name)?.Role ?? StrategyRole.Transfer,
            End = Spectrum.EndOf(name),
            MovesPretrained = StrategyCatalog.Known(name)?.MovesPretrained ?? false,
            Description =
                name switch
                {
                    "frozen" => "Trains the head on features of the frozen backbone.",
                    "full" => "Trains every layer.",
                    _ =>
                    $"The {name} strategy."
                },
            Accuracy = new Estimate(mean, Math.Max(0, mean - half), Math.Min(1, mean + half)),
            MacroF1 = runs.Average(r => r.MacroF1),
            LogLoss = runs.Average(r => r.LogLoss),
            TrainSeconds = runs.Average(r => r.Time.Total),
            LatencyMilliseconds = runs.Average(r => r.LatencyMilliseconds),
            PeakMemoryBytes = runs.Min(r => r.PeakMemoryBytes),
            TrainableParameters = name is "full" or "scratch" ? 11_181_642 : name == "knn" ? 0 : 5_130,
            TotalParameters = 11_181_642,
            Runs = runs,
            AccuracySpread = seeds > 1 ? 0.012 : null,
            Calibration =
                CalibrationMeasure.Of([.. runs.SelectMany(r => r.Score)], [.. runs.SelectMany(r => r.Predicted.Select((p, i) => p == examples[i].Label))]),
            Classes = [.. Enumerable.Range(0, classes).Select(c => new ClassFigures(0.5 + (0.4 * c / classes), 0.8, examples.Count(e => e.Label == c)))],
            TimesToAccuracy = [new(0.5, seconds / 3, seeds), new(0.9, accuracy > 0.9 ? seconds : null, accuracy > 0.9 ? 1 : 0)],
            WorstMistakes = [.. Mistakes(runs[0], examples, isText)],
        };
    }

    private static RunResult Run(int seed, double accuracy, RunTime time, int epochs, int classes, TestExample[] examples, Random random, bool validates,
        bool isClosedForm)
    {
        double aim = accuracy + (random.NextDouble() - 0.5) * 0.02;
        // Mistakes cluster: a class is mostly taken for its neighbour.
        int[] predicted = [.. examples.Select(e => random.NextDouble() < aim ? e.Label
            : random.NextDouble() < 0.6 ? (e.Label + 1) % classes : random.Next(classes))];
        return new RunResult
        {
            Seed = seed,
            Accuracy = examples.Where((e, i) => e.Label == predicted[i]).Count() / (double)examples.Length,
            MacroF1 = aim - 0.004,
            LogLoss = (1 - aim) * 3.1,
            Time = time,
            Epochs = epochs,
            PeakMemoryBytes = 812_345_678 + (long)(time.Training * 9e6),
            LatencyMilliseconds = 8.3,
            Settings = new Dictionary<string, string>
            {
                ["learning rate"] = seed == 2 ? "0.003" : "0.001",
                ["weight decay"] = "0.0001",
                ["best epoch"] = $"{epochs}",
            },
            Curve = isClosedForm ? [] : [.. Enumerable.Range(1, epochs).Select(e => Point(e, epochs, aim, time, validates, random))],
            Predicted = predicted,
            Score = [.. examples.Select(_ => (float)(0.4 + 0.6 * random.NextDouble()))],
        };
    }

    private static CurvePoint Point(int epoch, int epochs, double accuracy, RunTime time, bool validates, Random random)
    {
        double done = (double)epoch / epochs, reached = accuracy * (1 - 0.7 * Math.Exp(-5 * done)) + 0.01 * random.NextDouble();
        return new CurvePoint
        {
            Seconds = time.Reading + time.Features + time.Training * done,
            Epoch = epoch,
            TrainLoss = 2 * Math.Exp(-3 * done),
            TrainAccuracy = Math.Min(1, reached + 0.04),
            ValidationLoss = validates ? 2 * Math.Exp(-2 * done) : null,
            ValidationAccuracy = validates ? reached : null,
        };
    }

    private static IEnumerable<Mistake> Mistakes(RunResult run, TestExample[] examples, bool isText) => Enumerable.Range(0, examples.Length)
        .Where(i => run.Predicted[i] != examples[i].Label)
        .OrderByDescending(i => run.Score[i])
        .Take(8)
        .Select(i => new Mistake
        {
            Index = i,
            Predicted = run.Predicted[i],
            Score = run.Score[i],
            Thumbnail = isText ? null : Jpeg(i),
            Text = isText ? $"My card has not arrived yet, although I ordered it {i} days ago. {Hostile}" : null,
        });

    private static PairResult Pair(StrategyResult first, StrategyResult second)
    {
        double difference = second.Accuracy.Value - first.Accuracy.Value, half = 0.029, ratio = second.TrainSeconds / first.TrainSeconds;
        string sentence = Math.Abs(difference) < half
            ? $"Between {first.Name} and {second.Name} no difference in accuracy is shown ({100 * difference:0.0} points, {100 * (difference - half):0.0} to "
                + $"{100 * (difference + half):0.0})."
            : $"{second.Name} is {Math.Abs(100 * difference):0.0} points {(difference > 0 ? "better" : "worse")} than {first.Name} "
                + $"({100 * (difference - half):0.0} to {100 * (difference + half):0.0}) and takes {ratio:0.0} times as long.";
        return new PairResult
        {
            First = first.Name,
            Second = second.Name,
            Difference = new Estimate(difference, difference - half, difference + half),
            TimeRatio = ratio,
            Sentence = sentence,
        };
    }

    private static BackboneSummary Backbone(bool isText) => new()
    {
        Name = isText ? "minilm" : "resnet18",
        Architecture = isText ? "BERT, 6 layers, 384 wide" : "ResNet-18",
        Origin = "a package of the project",
        TrainedOn = isText ? "1 billion sentence pairs" : "ImageNet-1k, 1.28 million photographs",
        Licence = "Apache-2.0",
        Sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        Parameters = 11_176_512,
        FeatureWidth = isText ? 384 : 512,
        Preprocessing = "short side to 96 px, centre crop, minus mean image",
    };

    private static MachineSummary Machine() => new()
    {
        OperatingSystem = "Debian GNU/Linux 12",
        Processor = "AMD EPYC 7B13, 2 cores",
        Device = "cpu",
        Threads = 2,
        Precision = "float32",
        Runtime = ".NET 10.0.0",
        Packages = new Dictionary<string, string> { ["TorchSharp"] = "0.107.0", ["libtorch"] = "2.10.0", ["Microsoft.ML"] = "5.0.1", ["SkiaSharp"] = "2.88.9" },
    };

    private static string Jpeg(int seed)
    {
        using SKBitmap bitmap = new(32, 32);
        using SKCanvas canvas = new(bitmap);
        using SKPaint paint = new() { Color = SKColor.FromHsl(seed * 47 % 360, 70, 60), IsAntialias = true };
        canvas.Clear(SKColor.FromHsl(seed * 31 % 360, 30, 30));
        canvas.DrawCircle(16, 16, 6 + seed % 8, paint);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        return "data:image/jpeg;base64," + Convert.ToBase64String(data.ToArray());
    }
}
