namespace TransferLab.Comparison.Advice;

/// <summary>How often the facts change that a model is asked for.</summary>
public enum FactChange
{
    /// <summary>Nobody said.</summary>
    Unknown,

    /// <summary>They stay as they are.</summary>
    Never,

    /// <summary>Some do within a year.</summary>
    Year,

    /// <summary>Some do within a month.</summary>
    Month,

    /// <summary>Some do within a week.</summary>
    Week,

    /// <summary>Some do within a day.</summary>
    Day,
}
