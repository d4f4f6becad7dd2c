namespace TransferLab.Data;

/// <summary>The forms in which a row of chat data is written.</summary>
public enum ChatShape
{
    /// <summary><c>messages</c>: an array of role and content.</summary>
    Messages,

    /// <summary><c>prompt</c> and <c>completion</c>: texts, or arrays of messages.</summary>
    PromptCompletion,

    /// <summary><c>instruction</c>, <c>input</c> (may be empty) and <c>output</c>.</summary>
    Instruction,

    /// <summary><c>conversations</c>: an array of <c>from</c> and <c>value</c>.</summary>
    ShareGpt,
}
