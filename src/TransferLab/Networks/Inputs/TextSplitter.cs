namespace TransferLab.Networks;

/// <summary>How a <see cref="TextEncoder"/> splits texts into the tokens of its network. Immutable, and safe to use from several threads.</summary>
internal abstract class TextSplitter
{
    /// <summary>What a text becomes, in words, for reports.</summary>
    public abstract string Description { get; }

    /// <summary>Names the vocabulary and all that decides on the ids, but not the longest text.</summary>
    public abstract string Key { get; }

    /// <summary>Longest result, tokens.</summary>
    public abstract int MaxTokens { get; }

    /// <summary>The id that fills up a batch.</summary>
    public abstract long Padding { get; }

    /// <summary>What stands for padding in a raw batch: no id of a text, so that it tells where a text ends.</summary>
    public abstract long Filler { get; }

    /// <summary>Rows that a table of the vocabulary needs.</summary>
    public abstract int Pieces { get; }

    /// <summary>How many tokens stand before a text's own, and how many behind them.</summary>
    public abstract (int Before, int After) Around { get; }

    /// <summary>The token ids of a text, special ones included, cut to <paramref name="most"/>.</summary>
    public abstract long[] Encode(string text, int most);

    /// <summary>Says that texts are of a language that the vocabulary was not made for; null where it knows them.</summary>
    /// <param name="texts">Texts.</param>
    /// <param name="tokens">The tokens of each, special ones included.</param>
    public abstract string? Foreign(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens);

    /// <summary>The same for texts of another longest length.</summary>
    public abstract TextSplitter WithMaxTokens(int maxTokens);

    /// <summary>Adds what a model file's metadata must say to make it again.</summary>
    public abstract void AddTo(IDictionary<string, string> metadata);
}
