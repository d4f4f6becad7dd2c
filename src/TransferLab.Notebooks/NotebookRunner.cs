using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TransferLab.Notebooks;

/// <summary>Runs a notebook from its first cell to its last.</summary>
internal sealed partial class NotebookRunner(RunOptions options)
{
    /// <summary>Runs it and puts the outputs into its cells.</summary>
    /// <returns>What went wrong, one sentence each; empty where all went well.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(NotebookFile notebook)
    {
        using CSharpSession session = new();
        if (options.Packages is { } folder)
        {
            await session.RunAsync($"#i \"nuget:{Path.GetFullPath(folder)}\"").ConfigureAwait(false);
        }

        int number = 0;
        foreach (JsonObject cell in notebook.CodeCells)
        {
            options.Log?.Invoke($"cell {++number} of {notebook.CodeCells.Count}");
            string source = NotebookFile.Source(cell);
            (bool succeeded, _, JsonArray outputs) = await session.RunAsync(WithVersion(source)).ConfigureAwait(false);
            cell["outputs"] = outputs;
            cell["execution_count"] = number;
            if (!succeeded)
            {
                return [$"code cell {number} fails: {(string?)outputs[^1]!["evalue"]}"];
            }

            if (options.WithExercises && Exercises.Find(source) is { } check
                && await Exercises.TryAsync(session, check).ConfigureAwait(false) is { Count: > 0 } problems)
            {
                return [.. problems.Select(problem => $"code cell {number}: {problem}")];
            }
        }

        return [];
    }

    /// <summary>The cell with the project's own packages in the version that lies in the local folder.</summary>
    private string WithVersion(string source) => options.PackageVersion is { } version ? OwnPackage().Replace(source, $"#r \"nuget: $1, {version}\"") : source;

    [GeneratedRegex("#r \"nuget: (TransferLab[\\w.]*), [^\"]+\"", RegexOptions.CultureInvariant)]
    private static partial Regex OwnPackage();
}
