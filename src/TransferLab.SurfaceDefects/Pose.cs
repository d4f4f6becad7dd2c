namespace TransferLab.SurfaceDefects;

/// <summary>Where a defect lies, how it is turned, how large and how strong it is.</summary>
/// <param name="X">Middle, along the image's rows.</param>
/// <param name="Y">Middle, down the image.</param>
/// <param name="Angle">In radians.</param>
/// <param name="Scale">Of lengths; 1 is usual.</param>
/// <param name="Strength">Of contrast and relief; 1 is plain to see.</param>
internal readonly record struct Pose(float X, float Y, float Angle, float Scale, float Strength)
{
    public static Pose Random(Rng rng, Surface surface)
    {
        const float margin = Difficulty.BorderMargin;
        var x = rng.Range(margin, Surface.Side - margin);
        var y = rng.Range(margin, Surface.Side - margin);
        var angle = rng.Angle();
        var scale = rng.Range(rng.Chance(Difficulty.SmallRate) ? Difficulty.SmallScale : Difficulty.PlainScale);
        var strength = rng.Range(rng.Chance(Difficulty.FaintRate) ? Difficulty.FaintStrength : Difficulty.PlainStrength);
        var (_, roughest) = Difficulty.TextureRelief;
        return new Pose(x, y, angle, scale, strength * (0.75f + 0.5f * surface.Roughness / roughest));
    }

    /// <summary>A point around the middle, normally distributed.</summary>
    public (float X, float Y) Near(Rng rng, float spread) => (X + spread * Scale * rng.Normal(), Y + spread * Scale * rng.Normal());
}
