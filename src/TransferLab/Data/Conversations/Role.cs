namespace TransferLab.Data;

/// <summary>Who speaks in a <see cref="Turn"/>.</summary>
public enum Role
{
    /// <summary>Sets the scene; comes first.</summary>
    System,

    /// <summary>The system's role under its newer name.</summary>
    Developer,

    /// <summary>Asks.</summary>
    User,

    /// <summary>Answers: what a model learns to write.</summary>
    Assistant,

    /// <summary>What a called tool gave back.</summary>
    Tool,
}
