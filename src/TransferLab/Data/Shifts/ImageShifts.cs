using System.Globalization;
using TransferLab.Prediction;
using TransferLab.Runtime;

namespace TransferLab.Data;

/// <summary>
/// Damaged copies of test images, in the manner of ImageNet-C (Hendrycks and Dietterich 2019, arXiv:1903.12261), at the size that the network sees: Gaussian
/// blur, Gaussian noise and lost contrast, each little, more and much. The same seed gives the same copies.
/// </summary>
public static class ImageShifts
{
    private const int Seed = 1903;
    private static readonly double[] s_blur = [0.008, 0.016, 0.032], s_noise = [0.06, 0.12, 0.24], s_contrast = [0.6, 0.35, 0.15];

    /// <summary>Writes the copies as PNG files and names them.</summary>
    /// <param name="test">The test images.</param>
    /// <param name="size">Side in pixels; of each image what evaluation sees.</param>
    /// <param name="folder">Where the files go; the caller removes it.</param>
    /// <param name="fit">Whether that is the middle square, or all of it, squashed.</param>
    /// <param name="cancellation">Stops between images.</param>
    public static IReadOnlyList<ShiftedTest> Write(IReadOnlyList<Example> test, int size, string folder, ImageFit fit = ImageFit.Crop,
        CancellationToken cancellation = default)
    {
        List<ShiftedTest> shifts = [];
        for (int severity = 1; severity <= 3; severity++)
        {
            double sigma = s_blur[severity - 1] * size, noise = s_noise[severity - 1], contrast = s_contrast[severity - 1];
            shifts.Add(Make("blur", severity, string.Create(CultureInfo.InvariantCulture, $"Gaussian blur, {sigma:0.0} px of {size}")));
            shifts.Add(Make("noise", severity, string.Create(CultureInfo.InvariantCulture, $"Gaussian noise, {100 * noise:0} % of the range")));
            shifts.Add(Make("contrast", severity, string.Create(CultureInfo.InvariantCulture, $"contrast times {contrast:0.00}")));
        }

        ParallelLoop.Run(test.Count, WriteCopies, cancellation);
        return [.. shifts.OrderBy(shift => shift.Name, StringComparer.Ordinal).ThenBy(shift => shift.Severity)];

        void WriteCopies(int i)
        {
            byte[] rgb = new byte[size * size * 3];
            ImageFile.Render(test[i].Source, size, ImageView.Centre with { Fit = fit }, rgb);
            foreach (ShiftedTest shift in shifts)
            {
                WholeFile.Write(shift.Examples[i].Source, stream => ImageEncoding.WritePng(Damage(rgb, size, shift, i), size, stream));
            }
        }

        ShiftedTest Make(string name, int severity, string description)
        {
            string to = Directory.CreateDirectory(Path.Combine(folder, $"{name}-{severity}")).FullName;
            return new()
            {
                Name = name,
                Severity = severity,
                Description = description,
                Examples =
                    [.. test.Select((example, i) =>
                        example with { Source = Path.Combine(to, $"{i:000000}.png"), Hash = $"{example.Hash}/{size}/{name}-{severity}" })],
            };
        }
    }

    /// <summary>One damaged copy of <c>[size, size, 3]</c> bytes.</summary>
    internal static byte[] Damage(byte[] rgb, int size, ShiftedTest shift, int index) => shift.Name switch
    {
        "blur" => Blur(rgb, size, s_blur[shift.Severity - 1] * size),
        "noise" => Noise(rgb, 255 * s_noise[shift.Severity - 1], Seeds.Mix(Seed, "noise", index, shift.Severity)),
        _ => Contrast(rgb, s_contrast[shift.Severity - 1]),
    };

    private static byte[] Contrast(byte[] rgb, double factor)
    {
        double mean = rgb.Average(value => (double)value);
        return Array.ConvertAll(rgb, value => ToByte(mean + ((value - mean) * factor)));
    }

    private static byte[] Noise(byte[] rgb, double deviation, int seed)
    {
        Random random = new(seed);
        return Array.ConvertAll(rgb, value =>
            ToByte(value + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))));
    }

    private static byte[] Blur(byte[] rgb, int size, double sigma)
    {
        int radius = (int)Math.Ceiling(3 * sigma);
        double[] kernel = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(d => Math.Exp(-d * d / (2 * sigma * sigma)))];
        double sum = kernel.Sum();
        double[] across = new double[rgb.Length];
        byte[] result = new byte[rgb.Length];
        Pass((at, value) => across[at] = value, at => rgb[at], step: 3, other: size * 3);
        Pass((at, value) => result[at] = ToByte(value), at => across[at], step: size * 3, other: 3);
        return result;

        void Pass(Action<int, double> set, Func<int, double> get, int step, int other)
        {
            for (int line = 0; line < size; line++)
            {
                for (int i = 0; i < size * 3; i++)
                {
                    (int position, int channel) = (i / 3, i % 3);
                    double value = 0;
                    for (int k = -radius; k <= radius; k++)
                    {
                        value += kernel[k + radius] * get((line * other) + (Math.Clamp(position + k, 0, size - 1) * step) + channel);
                    }

                    set((line * other) + (position * step) + channel, value / sum);
                }
            }
        }
    }

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
