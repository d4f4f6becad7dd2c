using System.CommandLine;

namespace TransferLab.Notebooks;

/// <summary><c>build</c>: from .cs to .ipynb.</summary>
internal static class BuildCommand
{
    private static readonly Argument<string[]> s_paths = new("PATH")
    {
        Description = "Lessons (.cs), or folders of them",
        DefaultValueFactory = _ => ["notebooks"],
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<bool> s_check = new("--check")
    {
        Description = "Write nothing; fail where a notebook differs from its source, or has cells without stored outputs",
    };

    public static Command Create()
    {
        Command command =
            new("build", "Makes the notebook (.ipynb) beside every lesson (.cs). Stored outputs stay, up to the first cell that changed.") { s_paths, s_check };
        command.SetAction(arguments => Commands.Guard(() =>
        {
            string[] lessons = [.. arguments.GetRequiredValue(s_paths).SelectMany(path => Directory.Exists(path) ? NotebookBuilder.Lessons(path) : [path])];
            string[] drifted = arguments.GetValue(s_check) ? [.. lessons.Select(Drift).OfType<string>()] : [];
            if (!arguments.GetValue(s_check))
            {
                Array.ForEach(lessons, Write);
            }

            Array.ForEach(drifted, Console.Error.WriteLine);
            return Task.FromResult(drifted.Length == 0 ? Commands.Done : Commands.Failed);
        }));
        return command;
    }

    private static void Write(string lesson)
    {
        NotebookFile notebook = NotebookBuilder.Build(lesson);
        string path = NotebookBuilder.PathFor(lesson);
        if (File.Exists(path))
        {
            notebook.TakeOutputs(NotebookFile.Read(path));
        }

        notebook.Write(path);
        Console.WriteLine(path);
    }

    private static string? Drift(string lesson)
    {
        string path = NotebookBuilder.PathFor(lesson);
        if (!File.Exists(path))
        {
            return $"error: {path} is missing; build it.";
        }

        NotebookFile notebook = NotebookFile.Read(path);
        string? fault = notebook.Drift(NotebookBuilder.Build(lesson)) ?? (notebook.HasRun ? null : "has cells without stored outputs; run it.");
        return fault is null ? null : $"error: {path} {fault}";
    }
}
