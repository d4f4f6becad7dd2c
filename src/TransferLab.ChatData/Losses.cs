namespace TransferLab.ChatData;

/// <summary>Counts what is thrown away.</summary>
internal sealed class Losses
{
    private const int Kept = 21;

    private readonly Dictionary<string, (int Count, List<string> Places)> _reasons = [];

    public void Add(string reason, string place)
    {
        (int count, List<string> places) = _reasons.TryGetValue(reason, out var found) ? found : (0, []);
        if (places.Count < Kept && !places.Contains(place))
        {
            places.Add(place);
        }

        _reasons[reason] = (count + 1, places);
    }

    public IReadOnlyList<LeftOut> ToList() => [.. _reasons.Select(pair => new LeftOut(pair.Key, pair.Value.Count, pair.Value.Places))];
}
