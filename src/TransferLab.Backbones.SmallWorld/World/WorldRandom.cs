using System.Security.Cryptography;
using System.Text;

namespace TransferLab.Backbones;

/// <summary>Draws, and what belongs to training and what is held out for ever: a text of either is never one of the other, whatever the seed.</summary>
internal sealed class WorldRandom(int seed, bool held)
{
    private const int HeldShare = 8;
    private readonly Random _random = new(seed);

    /// <summary>Whether it draws what is never trained.</summary>
    public bool Held { get; } = held;

    /// <summary>A number from 0 to below <paramref name="count"/>.</summary>
    public int Next(int count) => _random.Next(count);

    /// <summary>A number from 0 to below 1.</summary>
    public double NextDouble() => _random.NextDouble();

    /// <summary>True so often.</summary>
    public bool Chance(double share) => _random.NextDouble() < share;

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>In another order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> items) => [.. items.OrderBy(_ => _random.Next())];

    /// <summary>Draws until a text is on this side of what is held out.</summary>
    public string Draw(Func<string> make)
    {
        string text;
        do
        {
            text = make();
        }
        while (IsHeld(text) != Held);
        return text;
    }

    /// <summary>Whether a text is held out: an eighth of all are.</summary>
    public static bool IsHeld(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[0] % HeldShare == 0;
}
