namespace TransferLab.Comparison;

/// <summary>What a model is given beside a question, or what answers instead of one.</summary>
public enum WayContext
{
    /// <summary>Nothing: the question as it is.</summary>
    None,

    /// <summary>The training questions that are most alike, with their answers.</summary>
    FewShot,

    /// <summary>Passages that were looked up.</summary>
    Rag,

    /// <summary>The right passage: what perfect retrieval would be worth.</summary>
    Oracle,

    /// <summary>A wrong passage: whether passages are read at all.</summary>
    Shuffled,

    /// <summary>No model: the answer of the training question that is most alike.</summary>
    Nearest,

    /// <summary>No model: the commonest training answer.</summary>
    Majority,
}
