using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.MLNetBaselines;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    BaselineArguments arguments = BaselineArguments.Parse(args);
    LabeledData data = arguments.IsText
        ? TextData.Read(arguments.Data, new() { TextColumn = arguments.TextColumn, LabelColumn = arguments.LabelColumn })
        : ImageFolder.Read(arguments.Data).Data;
#if VISION
    IReadOnlyList<Baseline> baselines = arguments.IsText ? TextBaseline.All : ImageBaseline.All;
#else
    IReadOnlyList<Baseline> baselines = arguments.IsText
        ? TextBaseline.All
        : throw new NotSupportedException("This build has no Microsoft.ML.Vision; build with -p:WithVision=true where that package can be had.");
#endif
    BaselineRuns runs = new(data, arguments);
    for (int seed = 1; seed <= arguments.Seeds; seed++)
    {
        foreach (Baseline baseline in baselines)
        {
            RunResult result = runs.Add(baseline, seed);
            Console.WriteLine($"{baseline.Name} seed {seed}: accuracy {100 * result.Accuracy:0.0}, {result.Time.Total:0.0} s");
        }
    }

    ResultsFile.Write(runs.Results(baselines), Path.Combine(arguments.Out, "results.json"));
    Console.WriteLine($"results: {Path.Combine(arguments.Out, "results.json")}");
    return 0;
}
catch (Exception e) when (e is DataException or ArgumentException or NotSupportedException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
