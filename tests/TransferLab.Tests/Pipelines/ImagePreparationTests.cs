using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using TransferLab.Data;
using TransferLab.Pipelines;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Pipelines;

/// <summary>Image files as a saved ML.NET model sees them, beside the library's own reading.</summary>
public sealed class ImagePreparationTests : IDisposable
{
    private const int Size = 32;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(400, 300)]
    [InlineData(45, 60)]
    [InlineData(32, 32)]
    [InlineData(20, 24)]
    [InlineData(400, 300, ImageFit.Squash)]
    [InlineData(45, 60, ImageFit.Squash)]
    public void Pictures_of_any_size_look_as_in_training(int width, int height, ImageFit fit = ImageFit.Crop)
    {
        string[] files = [Write("a.jpg", width, height, SKEncodedImageFormat.Jpeg), Write("a.png", width, height, SKEncodedImageFormat.Png)];
        Assert.All(files.Zip(Prepared(files, fit)), pair => Assert.InRange(Difference(pair.First, pair.Second, fit), 0, 1.5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_exif_orientation_is_turned_upright(bool littleEndian)
    {
        string[] files = [.. Enumerable.Range(1, 8).Select(orientation => Turned(orientation, littleEndian))];
        float[][] prepared = Prepared(files);
        Assert.All(files.Zip(prepared), pair => Assert.InRange(Difference(pair.First, pair.Second), 0, 1.5));
        Assert.True(Difference(files[0], prepared[5]) > 10, "the picture looks the same when it is turned, so this test shows nothing");
    }

    [Fact]
    public void What_is_transparent_lies_on_white()
    {
        string file = Path.Combine(_folder.Path, "clear.png");
        using SKBitmap picture = new(new SKImageInfo(64, 64, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        picture.Erase(new SKColor(200, 30, 60, 90));
        Save(picture, file, SKEncodedImageFormat.Png);
        Assert.InRange(Difference(file, Prepared([file])[0]), 0, 1);
    }

    /// <summary>Colours that run over the picture, and a corner that stands out: no two of its eight orientations look alike.</summary>
    private string Write(string name, int width, int height, SKEncodedImageFormat format)
    {
        using SKBitmap picture = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int i = 0; i < width * height; i++)
        {
            (int x, int y) = (i % width, i / width);
            byte blue = (byte)(x < width / 2 && y < height / 3 ? 220 : 40);
            picture.SetPixel(x, y, new SKColor((byte)(255 * x / width), (byte)(255 * y / height), blue));
        }

        string file = Path.Combine(_folder.Path, name);
        Save(picture, file, format);
        return file;
    }

    private string Turned(int orientation, bool littleEndian)
    {
        string file = Write($"{orientation}.jpg", 200, 140, SKEncodedImageFormat.Jpeg);
        byte[] jpeg = File.ReadAllBytes(file), value = littleEndian ? [(byte)orientation, 0] : [0, (byte)orientation];
        byte[] tiff = littleEndian ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, .. value, 0, 0, 0, 0, 0, 0]
            : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, .. value, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        File.WriteAllBytes(file, [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]]);
        return file;
    }

    private static void Save(SKBitmap picture, string file, SKEncodedImageFormat format)
    {
        using FileStream stream = File.Create(file);
        picture.Encode(stream, format, 95);
    }

    /// <summary>What a network would be given, planes [3, Size, Size], through ML.NET's steps.</summary>
    private static float[][] Prepared(string[] files, ImageFit fit = ImageFit.Crop)
    {
        MLContext ml = new(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(files.Select(file => new PipelineData.ImageRow { ImagePath = file }).ToList());
        IEstimator<ITransformer> steps = PipelineSteps.OwnPixels(ml, "ImagePath", Size, fit).Aggregate((first, next) => first.Append(next));
        IEstimator<ITransformer> onnx = ml.Transforms.ApplyOnnxModel(
            [Columns.Probabilities], [Columns.File, Columns.WidePixels, Columns.Pixels], new MemoryStream(PipelineGraph.ForPixels(Size)), gpuDeviceId: null,
                fallbackToCpu: true);
        return [.. steps.Append(onnx).Fit(rows).Transform(rows).GetColumn<float[]>(Columns.Probabilities)];
    }

    private static double Difference(string file, float[] planes, ImageFit fit = ImageFit.Crop)
    {
        byte[] own = new byte[Size * Size * 3];
        ImageFile.Render(file, Size, ImageView.Centre with { Fit = fit }, own);
        return own.Select((value, i) => Math.Abs(value - planes[(i % 3 * Size * Size) + (i / 3)])).Average();
    }
}
