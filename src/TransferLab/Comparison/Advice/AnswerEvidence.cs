namespace TransferLab.Comparison.Advice;

/// <summary>What can be seen of questions, documents, a model and a machine before any way of answering is tried.</summary>
public sealed record AnswerEvidence
{
    /// <summary>The questions' name.</summary>
    public required string Data { get; init; }

    /// <summary>Rows that could be tuned on or shown.</summary>
    public required int TrainQuestions { get; init; }

    /// <summary>Rows that are asked in a comparison.</summary>
    public required int TestQuestions { get; init; }

    /// <summary>Passages of the documents; 0 where there are none.</summary>
    public required int Passages { get; init; }

    /// <summary>How often facts change.</summary>
    public FactChange Changes { get; init; }

    /// <summary>The model's name; null where none was looked at, and all below is missing.</summary>
    public string? Model { get; init; }

    /// <summary>Its parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>Difficulty; null where no model was looked at.</summary>
    public AnswerLosses? Losses { get; init; }

    /// <summary>Pieces a word of questions and answers: about 1.3 where the vocabulary knows the language, 3 and more where it does not.</summary>
    public double PiecesAWord { get; init; }

    /// <summary>Bits that a byte of the documents costs the model: about 1 for prose like what it was trained on, more for what is unlike it; null without
    /// documents.</summary>
    public double? DocumentBits { get; init; }

    /// <summary>About how long tuning adapters would take here, three passes over the training rows, seconds; null without them.</summary>
    public double? TuningSeconds { get; init; }

    /// <summary>About how much memory that would take, bytes.</summary>
    public long TuningBytes { get; init; }

    /// <summary>Memory of this machine that is free to a program, bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Cores of this machine.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;
}
