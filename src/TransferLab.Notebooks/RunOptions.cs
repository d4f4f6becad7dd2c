namespace TransferLab.Notebooks;

/// <summary>How a notebook is run.</summary>
internal sealed record RunOptions
{
    /// <summary>A folder of .nupkg files that is a source of packages besides the configured ones.</summary>
    public string? Packages { get; init; }

    /// <summary>Version of the project's own packages, in place of the one that the notebook names.</summary>
    public string? PackageVersion { get; init; }

    /// <summary>Whether the solution of every exercise is run, and its known mistakes.</summary>
    public bool WithExercises { get; init; }

    /// <summary>Told which cell comes next.</summary>
    public Action<string>? Log { get; init; }
}
