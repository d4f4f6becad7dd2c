namespace TransferLab.SurfaceDefects;

/// <summary>
/// A square patch of metal before it is photographed. Positions and lengths are in units of 1/96 of its side, whatever the
/// number of pixels, so that one seed shows one scene at every size.
/// </summary>
internal sealed class Surface
{
    /// <summary>Side of the patch in its own units.</summary>
    public const float Side = 96f;

    public Surface(int size)
    {
        Size = size;
        Step = Side / size;
        Height = new float[size * size];
        Reflectance = new float[size * size];
        Warmth = new float[size * size];
        Array.Fill(Reflectance, 1f);
    }

    /// <summary>Pixels along a side.</summary>
    public int Size { get; }

    /// <summary>Length of a pixel in units of the patch.</summary>
    public float Step { get; }

    /// <summary>Relief, row by row, in units of the patch; only its slope is seen.</summary>
    public float[] Height { get; }

    /// <summary>Share of the light that is sent back, relative to the bare metal: 1 is bare, below 1 darker.</summary>
    public float[] Reflectance { get; }

    /// <summary>Tint: above 0 brown, below 0 blue.</summary>
    public float[] Warmth { get; }

    /// <summary>Direction of rolling or machining, in radians.</summary>
    public float Grain { get; set; }

    /// <summary>How strong the base texture is; defects are scaled by it, lest rough surfaces swallow them.</summary>
    public float Roughness { get; set; }

    /// <summary>Calls <paramref name="visit"/> with the index and the position of every pixel.</summary>
    public void ForEach(Action<int, float, float> visit) => ForEach(0f, 0f, Side, Side, visit);

    /// <summary>Calls <paramref name="visit"/> with the index and the position of every pixel of a rectangle, clipped to the patch.</summary>
    public void ForEach(float left, float top, float right, float bottom, Action<int, float, float> visit)
    {
        var (x0, x1) = (Math.Max(0, (int)(left / Step)), Math.Min(Size - 1, (int)(right / Step)));
        var (y0, y1) = (Math.Max(0, (int)(top / Step)), Math.Min(Size - 1, (int)(bottom / Step)));
        for (var y = y0; y <= y1; y++)
        {
            for (var x = x0; x <= x1; x++)
            {
                visit(y * Size + x, (x + 0.5f) * Step, (y + 0.5f) * Step);
            }
        }
    }
}
