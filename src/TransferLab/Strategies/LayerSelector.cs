using System.Globalization;

namespace TransferLab.Strategies;

/// <summary>Says which weights of a network train. Groups are counted from the input; the head comes after the last.</summary>
public abstract record LayerSelector
{
    private const string LastPrefix = "last-";

    /// <summary>The head alone: feature extraction.</summary>
    public static LayerSelector Head { get; } = new LastGroups(0);

    /// <summary>All layer groups and the head: fine-tuning.</summary>
    public static LayerSelector Everything { get; } = new AllGroups();

    /// <summary>The last <paramref name="count"/> layer groups and the head.</summary>
    public static LayerSelector Last(int count) => new LastGroups(count);

    /// <summary>The last share of the layer groups, rounded, at least one of them, and the head.</summary>
    /// <param name="percent">1 to 100.</param>
    public static LayerSelector LastPercent(int percent) => new LastShare(percent);

    /// <summary>Of all layer groups the biases alone, and the head.</summary>
    public static LayerSelector Biases { get; } = new BiasesAlone();

    /// <summary>Reads what <see cref="object.ToString"/> writes: <c>head</c>, <c>everything</c>, <c>biases</c>, <c>last-K</c> or <c>last-P%</c>.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static LayerSelector Parse(string text) => text switch
    {
        "head" => Head,
        "everything" => Everything,
        "biases" => Biases,
        _ when text.StartsWith(LastPrefix, StringComparison.Ordinal) && text.EndsWith('%')
            && int.TryParse(text.AsSpan(LastPrefix.Length)[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int percent) => LastPercent(percent),
        _ when text.StartsWith(LastPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(LastPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count) => Last(count),
        _ => throw new ArgumentException($"'{text}' selects no layers; write head, everything, biases, last-K such as last-2, or last-P% such as last-50%."),
    };

    /// <summary>Whether the group of an index trains, in a network of that many groups. The head always does.</summary>
    public abstract bool Includes(int group, int groups);

    /// <summary>Whether, of a group that trains, the parameter of a name does.</summary>
    public virtual bool Includes(string parameter) => true;

    private sealed record AllGroups : LayerSelector
    {
        public override bool Includes(int group, int groups) => true;

        public override string ToString() => "everything";
    }

    private sealed record BiasesAlone : LayerSelector
    {
        public override bool Includes(int group, int groups) => true;

        public override bool Includes(string parameter) => parameter.EndsWith("bias", StringComparison.Ordinal);

        public override string ToString() => "biases";
    }

    private sealed record LastShare(int Percent) : LayerSelector
    {
        private readonly int _valid = Percent is >= 1 and <= 100
            ? Percent
            : throw new ArgumentOutOfRangeException(nameof(Percent), Percent, "The share of groups that train is 1 to 100 percent.");

        public override bool Includes(int group, int groups) => group >= groups - Math.Max(1, (int)Math.Round(groups * _valid / 100.0));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LastPrefix}{Percent}%");
    }

    private sealed record LastGroups(int Count) : LayerSelector
    {
        private readonly int _valid = Count >= 0
            ? Count
            : throw new ArgumentOutOfRangeException(nameof(Count), Count, "The number of groups that train is 0 or more.");

        public override bool Includes(int group, int groups) => group >= groups - _valid;

        public override string ToString() => Count == 0 ? "head" : string.Create(CultureInfo.InvariantCulture, $"{LastPrefix}{Count}");
    }
}
