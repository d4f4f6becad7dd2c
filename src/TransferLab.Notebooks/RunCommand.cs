using System.CommandLine;

namespace TransferLab.Notebooks;

/// <summary><c>run</c>: executes a notebook and stores its outputs.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "A notebook (.ipynb)" };
    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "Where the notebook with its outputs goes; into FILE itself where not given",
        HelpName = "FILE",
    };
    private static readonly Option<bool> s_dry = new("--no-store") { Description = "Store nothing" };
    private static readonly Option<string?> s_packages = new("--packages")
    {
        Description = "Folder of packages (.nupkg) to take besides the configured sources",
        HelpName = "DIR",
    };
    private static readonly Option<string?> s_version = new("--package-version")
    {
        Description = "Version of the TransferLab packages, in place of the notebook's",
        HelpName = "VERSION",
    };
    private static readonly Option<bool> s_exercises = new("--exercises")
    {
        Description = "Also run the solution of every exercise and its known mistakes, and fail where one is judged wrongly; stores nothing",
    };

    public static Command Create()
    {
        Command command = new("run", "Runs a notebook on the C# kernel of .NET Interactive, in this process, and stores the outputs in the file.")
        {
            s_file, s_out, s_dry, s_packages, s_version, s_exercises,
        };
        command.SetAction(arguments => Commands.Guard(async () =>
        {
            string path = arguments.GetRequiredValue(s_file);
            bool withExercises = arguments.GetValue(s_exercises);
            RunOptions options = new()
            {
                Packages = arguments.GetValue(s_packages),
                PackageVersion = arguments.GetValue(s_version),
                WithExercises = withExercises,
                Log = Console.Error.WriteLine,
            };
            NotebookFile notebook = NotebookFile.Read(path);
            IReadOnlyList<string> problems = await new NotebookRunner(options).RunAsync(notebook).ConfigureAwait(false);
            if (!arguments.GetValue(s_dry) && !withExercises)
            {
                notebook.Write(arguments.GetValue(s_out) ?? path);
            }

            foreach (string problem in problems)
            {
                await Console.Error.WriteLineAsync($"error: {path}: {problem}").ConfigureAwait(false);
            }

            return problems.Count == 0 ? Commands.Done : Commands.Failed;
        }));
        return command;
    }
}
