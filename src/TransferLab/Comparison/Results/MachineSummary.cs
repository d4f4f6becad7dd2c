namespace TransferLab.Comparison;

/// <summary>The machine and the software.</summary>
public sealed record MachineSummary
{
    /// <summary>Operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Device of the network: <c>cpu</c> or <c>cuda</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Threads of the tensor library.</summary>
    public required int Threads { get; init; }

    /// <summary>Type that convolutions and matrix products ran in: <c>float32</c> or <c>bfloat16</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>.NET runtime.</summary>
    public required string Runtime { get; init; }

    /// <summary>Versions of the packages that decide the result, by name.</summary>
    public required IReadOnlyDictionary<string, string> Packages { get; init; }
}
