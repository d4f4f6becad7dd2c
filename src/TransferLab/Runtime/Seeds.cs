namespace TransferLab.Runtime;

/// <summary>Derives seeds from seeds, the same on every platform and in every process.</summary>
internal static class Seeds
{
    /// <summary>A well-mixed non-negative seed (SplitMix64's finaliser over each part in turn).</summary>
    public static int Mix(int seed, string purpose, int a = 0, int b = 0)
    {
        ulong state = Step((uint)seed);
        foreach (char c in purpose)
        {
            state = Step(state ^ c);
        }

        state = Step(state ^ (uint)a);
        return (int)(Step(state ^ (uint)b) >> 33);
    }

    private static ulong Step(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
