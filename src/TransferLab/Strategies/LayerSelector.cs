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

    /// <summary>Reads what <see cref="object.ToString"/> writes: <c>head</c>, <c>everything</c> or <c>last-K</c>.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static LayerSelector Parse(string text) => text switch
    {
        "head" => Head,
        "everything" => Everything,
        _ when text.StartsWith(LastPrefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(LastPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count) => Last(count),
        _ => throw new ArgumentException($"'{text}' selects no layers; write head, everything or last-K, such as last-2."),
    };

    /// <summary>Whether the group of an index trains, in a network of that many groups. The head always does.</summary>
    public abstract bool Includes(int group, int groups);

    private sealed record AllGroups : LayerSelector
    {
        public override bool Includes(int group, int groups) => true;

        public override string ToString() => "everything";
    }

    private sealed record LastGroups(int Count) : LayerSelector
    {
        private readonly int _valid = Count >= 0 ? Count : throw new ArgumentOutOfRangeException(nameof(Count), Count, "The number of groups that train is 0 or more.");

        public override bool Includes(int group, int groups) => group >= groups - _valid;

        public override string ToString() => Count == 0 ? "head" : string.Create(CultureInfo.InvariantCulture, $"{LastPrefix}{Count}");
    }
}
