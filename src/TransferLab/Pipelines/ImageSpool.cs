using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.Win32.SafeHandles;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Pipelines;

/// <summary>
/// Images of a column, put down in a temporary file as they stream by: training reads them in any order, and they need not fit into memory.
/// An image takes its resized pixels, and where views are varied also those that it came with, at no more than about twice the network's size.
/// </summary>
internal sealed class ImageSpool : PixelReader, IDisposable
{
    private const int Reach = 2;
    private readonly int _size;
    private readonly bool _varied;
    private readonly ImageResizer _resizer;
    private readonly SafeFileHandle _file;
    private readonly List<Entry> _entries = [];
    private long _end;

    /// <param name="size">Width and height that the network sees.</param>
    /// <param name="varied">Whether other views than the plain one will be asked for.</param>
    public ImageSpool(int size, bool varied)
    {
        (_size, _varied, _resizer) = (size, varied, new(size));
        _file = File.OpenHandle(Path.Combine(Path.GetTempPath(), $"transferlab-{Guid.NewGuid():N}.pixels"), FileMode.CreateNew, FileAccess.ReadWrite,
            FileShare.None, FileOptions.DeleteOnClose);
    }

    public override string Key { get; } = $"/column/{Guid.NewGuid():N}";

    /// <summary>Adds an image, which stays the caller's.</summary>
    /// <returns>The source of its example.</returns>
    public string Add(MLImage image)
    {
        byte[] plain = new byte[_size * _size * 3];
        _resizer.Resize(image, plain);
        Entry entry = new(Write(plain), 0, 0, 0);
        if (_varied)
        {
            byte[] pixels = new byte[image.Width * image.Height * 3];
            ImageResizer.CopyPixels(image, pixels);
            int factor = Math.Max(1, Math.Min(image.Width, image.Height) / (Reach * _size));
            (byte[] small, int width, int height) = Shrink(pixels, image.Width, image.Height, factor);
            entry = entry with { Whole = Write(small), Width = width, Height = height };
        }

        _entries.Add(entry);
        return (_entries.Count - 1).ToString(CultureInfo.InvariantCulture);
    }

    public override void Render(string source, int size, ImageView view, Span<byte> rgb)
    {
        Entry entry = _entries[int.Parse(source, CultureInfo.InvariantCulture)];
        if (view == ImageView.Centre)
        {
            WholeRead.Fill(_file, rgb[..(_size * _size * 3)], entry.Plain);
            return;
        }

        byte[] pixels = new byte[entry.Width * entry.Height * 3];
        WholeRead.Fill(_file, pixels, entry.Whole);
        MLNetPixels.Draw(pixels, entry.Width, entry.Height, size, view, rgb);
    }

    public void Dispose() => _file.Dispose();

    private long Write(byte[] bytes)
    {
        RandomAccess.Write(_file, bytes, _end);
        _end += bytes.Length;
        return _end - bytes.Length;
    }

    /// <summary>The means of squares of <paramref name="factor"/> pixels.</summary>
    private static (byte[] Pixels, int Width, int Height) Shrink(byte[] pixels, int width, int height, int factor)
    {
        if (factor == 1)
        {
            return (pixels, width, height);
        }

        (int smallWidth, int smallHeight) = (width / factor, height / factor);
        byte[] small = new byte[smallWidth * smallHeight * 3];
        for (int i = 0; i < small.Length; i++)
        {
            (int x, int y, int colour) = (i / 3 % smallWidth, i / 3 / smallWidth, i % 3);
            int sum = factor * factor / 2;
            for (int j = 0; j < factor * factor; j++)
            {
                sum += pixels[(((((y * factor) + (j / factor)) * width) + (x * factor) + (j % factor)) * 3) + colour];
            }

            small[i] = (byte)(sum / (factor * factor));
        }

        return (small, smallWidth, smallHeight);
    }

    private readonly record struct Entry(long Plain, long Whole, int Width, int Height);
}
