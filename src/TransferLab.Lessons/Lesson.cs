using System.Reflection;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Lessons;

/// <summary>What lessons call by bare names (<c>using static TransferLab.Lessons.Lesson;</c>), in a notebook and in a file-based app alike.</summary>
public static class Lesson
{
    /// <summary>The environment variable that makes lessons small: <c>quick</c> for a run of seconds whose figures mean nothing.</summary>
    public const string Variable = "TRANSFERLAB_LESSON";

    private static readonly Lazy<MethodInfo?> s_display = new(() => AppDomain.CurrentDomain.GetAssemblies()
        .FirstOrDefault(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive")?
        .GetType("Microsoft.DotNet.Interactive.Kernel")?.GetMethod("display", [typeof(object), typeof(string[])]));

    static Lesson() => NativeMemory.TuneForTraining(); // A lesson's process is the lesson's own, and every lesson comes by here before it trains.

    /// <summary>Whether the lesson only proves that it runs.</summary>
    public static bool IsQuick => Environment.GetEnvironmentVariable(Variable) == "quick";

    /// <summary>A setting: its full value, or the small one of a quick run.</summary>
    public static T Setting<T>(T full, T quick) => IsQuick ? quick : full;

    /// <summary>
    /// Runs a comparison as <c>new Comparer(data, backbone, ComputeDevice.Choose(), options).Run()</c> does, and says when each run is done, so that a long
    /// cell shows signs of life. Quick runs have one epoch.
    /// </summary>
    /// <param name="data">The task.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="options">The strategies, and how they are compared.</param>
    public static ComparisonResults Compare(LabeledData data, Backbone backbone, ComparisonOptions options) =>
        new Comparer(data, backbone, ComputeDevice.Choose(), options with { Strategies = [.. options.Strategies.Select(Short)] }).Run(new RunLines());

    /// <summary>A strategy as it is, or, in a quick run, with one epoch a phase.</summary>
    public static Strategy Short(Strategy strategy) => IsQuick && strategy is TransferStrategy transfer
        ? transfer with { Phases = [.. transfer.Phases.Select(phase => phase with { Epochs = 1 })] }
        : strategy;

    /// <summary>Shows a value: as HTML in a notebook, as text in a terminal.</summary>
    public static void Display(object value)
    {
        if (s_display.Value is { } display)
        {
            display.Invoke(null, [value, Array.Empty<string>()]);
            return;
        }

        Console.WriteLine(DisplayForms.Text(value) ?? value.ToString());
        Console.WriteLine();
    }

    /// <summary>Prints text: in a terminal as <see cref="Console.WriteLine(string)"/> does, in a notebook so that long lines break between words.</summary>
    public static void Say(string text)
    {
        if (s_display.Value is not null)
        {
            Display(new Reporting.Passage(text));
            return;
        }

        Console.WriteLine(text);
    }

    /// <summary>A step towards the answer of the exercise that was checked last.</summary>
    public static void Hint() => Say(Check.Current is { } exercise
        ? $"Hint for {exercise.Id}: {exercise.Hint}"
        : "There is no exercise to hint at yet: run a cell with Check.That(...) first.");

    /// <summary>The answer of the exercise that was checked last, as C#.</summary>
    public static void Solution() => Say(Check.Current is { } exercise
        ? $"Solution of {exercise.Id}:\n{exercise.Solution}"
        : "There is no exercise to solve yet: run a cell with Check.That(...) first.");

    /// <summary>Where lessons write: each user of a shared machine has a folder of their own.</summary>
    internal static string Root => Path.Combine(Path.GetTempPath(), $"transferlab-lessons-{Environment.UserName}");

    /// <summary>A folder for what a lesson writes, empty at first: below the system's folder for temporary files.</summary>
    /// <param name="name">Name of the folder.</param>
    public static string NewFolder(string name)
    {
        string folder = Path.Combine(Root, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    private sealed class RunLines : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value)
        {
            if (value.Result is { } run)
            {
                Say($"{value.Strategy}, seed {value.Seed}: {Figures.Percent(run.Accuracy)} % right after {Figures.Duration(run.Time.Total)} of training");
            }
        }
    }
}
