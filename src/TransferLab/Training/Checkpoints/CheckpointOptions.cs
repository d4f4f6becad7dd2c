namespace TransferLab.Training;

/// <summary>
/// Where an unfinished run is kept, so that it can go on to the bit-identical result. The file is written whole or not at all, at ends of epochs; its
/// tensors are safetensors, and nothing in it is executed. On a GPU none is written: the optimizer there is not the library's own; nor under a
/// <see cref="TrainingOptions.Budget"/>: the schedule follows the clock, and could not go on.
/// </summary>
public sealed record CheckpointOptions
{
    /// <summary>The file. A run takes up what it holds, if it is of the same <see cref="Fingerprint"/>; whoever keeps the result deletes it.</summary>
    public required string Path { get; init; }

    /// <summary>Names all that decides the run: a checkpoint of another is not taken up.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Least time between two.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);
}
