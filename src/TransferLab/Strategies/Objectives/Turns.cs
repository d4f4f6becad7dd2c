namespace TransferLab.Strategies;

/// <summary>Hands out members in random order, each once before any comes again; a rest that is too small for what is asked is left out.</summary>
internal sealed class Turns<T>(T[] members, Random random)
{
    private int _next = members.Length;

    /// <summary>So many different ones; all where there are fewer.</summary>
    public T[] Next(int count)
    {
        count = Math.Min(count, members.Length);
        if (_next + count > members.Length)
        {
            random.Shuffle(members);
            _next = 0;
        }

        return members[_next..(_next += count)];
    }
}
