using System.Globalization;
using Spectre.Console;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Cli;

/// <summary>What a person sees while a comparison runs: a live display in a terminal, plain lines elsewhere.</summary>
internal sealed class Display
{
    private readonly bool _live = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>Shows the reading of the data.</summary>
    public T Reading<T>(string what, Func<IProgress<int>?, T> read) => _live
        ? AnsiConsole.Status().Start($"Reading and checking {what}", context =>
            read(new ImmediateProgress<int>(count => context.Status($"Reading and checking {what}: {count.ToString("N0", CultureInfo.InvariantCulture)}"))))
        : read(null);

    /// <summary>Says what is compared, and where.</summary>
    public void Describe(CompareTask task, IReadOnlyList<string> warnings, ComputeDevice compute)
    {
        LabeledData data = task.Data;
        Line($"data      {data.Summary(task.Backbones[0].Encoder.Kind.Name)}");
        foreach ((Backbone backbone, string input) in task.Backbones.Zip(task.Inputs))
        {
            Line($"input     {input}");
            Describe(backbone);
        }

        Line($"machine   {compute.Device}, {TorchSharp.torch.get_num_threads()} threads, {compute.Type.ToString().ToLowerInvariant()}");
        Warn(warnings);
    }

    /// <summary>Says which backbone it is, what of its files is no part of it, and what they do not say.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="to">Where; the terminal where not given.</param>
    public static void Describe(Backbone backbone, TextWriter? to = null)
    {
        BackboneCard card = backbone.Card;
        to ??= Console.Out;
        string aside = card.LeftOut.Length > 0 ? $"; left aside of its files: {card.LeftOut}" : "";
        to.WriteLine($"backbone  {card.Name}: {card.Architecture}, {card.TrainedOn} (licence: {card.Licence}){aside}");
        if (card.Assumed.Length > 0)
        {
            to.WriteLine($"assumed   {OptionNames.AsFlags(card.Assumed)}, because the files do not say it");
        }
    }

    /// <summary>Says what a person should know of the data, one line each.</summary>
    public static void Warn(IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
        {
            Line($"warning   {OptionNames.AsFlags(warning)}");
        }
    }

    /// <summary>Runs a comparison and follows it.</summary>
    public ComparisonResults Follow(Func<IProgress<ComparisonProgress>, ComparisonResults> run) => _live
        ? AnsiConsole.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context => run(new LiveProgress(context)))
        : run(new ImmediateProgress<ComparisonProgress>(LineOf));

    /// <summary>The final table and what it says.</summary>
    public void Show(ComparisonResults results, string folder)
    {
        Line("");
        if (_live)
        {
            Table table = new() { Border = TableBorder.Rounded };
            foreach (string column in ResultsTable.Columns)
            {
                table.AddColumn(new TableColumn(Markup.Escape(column)));
            }

            foreach (ResultsRow row in ResultsTable.Rows(results))
            {
                table.AddRow([.. ResultsTable.Cells(row).Select(Markup.Escape)]);
            }

            AnsiConsole.Write(table);
        }
        else
        {
            Line(ResultsTable.ToText(results));
        }

        if (results.LearningCurves is not null)
        {
            Line(LearningCurveTable.ToText(results));
        }

        foreach (string verdict in results.Verdicts)
        {
            Line(verdict);
        }

        foreach ((StrategyResult row, RunResult run) in results.Strategies.SelectMany(row => row.Runs.Select(run => (row, run))))
        {
            if (run.Settings.TryGetValue("tuning", out string? choice))
            {
                Line($"{row.Name}, seed {run.Seed}: {choice}");
            }
        }

        Warn(results.Warnings);

        Line("");
        Line($"report: {Path.Combine(folder, "report.html")}");
    }

    private static void LineOf(ComparisonProgress progress)
    {
        string head = $"[{progress.Run}/{progress.Runs}] {Name(progress)} seed {progress.Seed}";
        if (progress.Result is { } result)
        {
            Line(string.Create(CultureInfo.InvariantCulture,
                $"{head}: accuracy {100 * result.Accuracy:0.0}, {result.Time.Total:0.0} s{(progress.Kept ? " (kept from before)" : "")}"));
            if (progress.Seed == 1 && result.Settings.TryGetValue("trains", out string? trains))
            {
                Line($"      trains {trains}{(result.Settings.TryGetValue("normalisation", out string? mode) ? $"; {mode}" : "")}");
            }
        }
        else if (progress.Training is { Point: { } point, Stage: "training" })
        {
            string loss = point.TrainLoss is { } value ? string.Create(CultureInfo.InvariantCulture, $" loss {value:0.000}") : "";
            string validation = point.ValidationAccuracy is { } accuracy
                ? string.Create(CultureInfo.InvariantCulture, $" validation {100 * accuracy:0.0}")
                : "";
            Line(string.Create(CultureInfo.InvariantCulture, $"{head}: {point.Epoch:0}{loss}{validation} ({point.Seconds:0.0} s)"));
        }
    }

    private static string Name(ComparisonProgress progress) => progress.PerClass is { } perClass
        ? $"{progress.Strategy} ({perClass} a class)"
        : progress.Strategy;

    private static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>One bar a run.</summary>
    private sealed class LiveProgress(ProgressContext context) : IProgress<ComparisonProgress>
    {
        private readonly Dictionary<int, ProgressTask> _tasks = [];

        public void Report(ComparisonProgress value)
        {
            if (!_tasks.TryGetValue(value.Run, out ProgressTask? task))
            {
                task = _tasks[value.Run] = context.AddTask("", maxValue: 1);
            }

            string head = Markup.Escape($"{Name(value)} seed {value.Seed}");
            string state = value.Result is { } result
                ? string.Create(CultureInfo.InvariantCulture, $"accuracy {100 * result.Accuracy:0.0} in {result.Time.Total:0.0} s")
                : value.Training.Stage;
            task.Description = $"{head,-24} {Markup.Escape(state)}";
            task.Value = value.Result is null ? Math.Min(0.999, value.Training.Share) : 1;
            if (value.Result is not null)
            {
                task.StopTask();
            }
        }
    }
}
