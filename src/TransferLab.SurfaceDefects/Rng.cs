namespace TransferLab.SurfaceDefects;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and the same sequence on every platform.</summary>
internal sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public float Next() => (NextBits() >> 40) * (1f / (1 << 24));

    public float Range(float low, float high) => low + (high - low) * Next();

    public float Range((float Low, float High) range) => Range(range.Low, range.High);

    /// <summary>Uniform in low..high, both included.</summary>
    public int Int(int low, int high) => low + (int)(Next() * (high - low + 1));

    public int Int((int Low, int High) range) => Int(range.Low, range.High);

    public bool Chance(float probability) => Next() < probability;

    public float Sign() => Chance(0.5f) ? 1f : -1f;

    /// <summary>An angle in radians, uniform over the circle.</summary>
    public float Angle() => Range(0f, 2f * MathF.PI);

    /// <summary>Nearly normal, mean 0 and variance 1: four uniforms from one draw, because the sensor asks for one per pixel and channel.</summary>
    public float Normal()
    {
        var bits = NextBits();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131070) * (1.7320508f / 65536f);
    }

    /// <summary>A bijection of 64 bits: different inputs never collide.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>A bijection of 32 bits (the finaliser of MurmurHash3).</summary>
    public static uint Mix(uint x)
    {
        x = (x ^ (x >> 16)) * 0x85EBCA6B;
        x = (x ^ (x >> 13)) * 0xC2B2AE35;
        return x ^ (x >> 16);
    }
}
