using SkiaSharp;
using TransferLab.Data;
using TransferLab.SurfaceDefects;
using TransferLab.Tests.Data;

namespace TransferLab.Tests.Training;

/// <summary>A few drawn surface defects in a folder that goes away with the test.</summary>
internal sealed class SmallTask : IDisposable
{
    private readonly TestImages _images = new();

    public SmallTask(int classes = 3, int train = 6, int test = 4, int size = 32)
    {
        for (int label = 0; label < classes; label++)
        {
            for (int i = 0; i < train + test; i++)
            {
                Save(_images, $"{(i < train ? "train" : "test")}/{SurfaceDefectImages.Classes[label]}/{i:000}.png", label, 1000 + i, size);
            }
        }

        Data = ImageFolder.Read(_images.Folder).Data;
    }

    public string Folder => _images.Folder;

    public LabeledData Data { get; }

    /// <summary>Draws one image into a folder.</summary>
    /// <returns>Its path.</returns>
    public static string Save(TestImages folder, string name, int label, int seed, int size)
    {
        byte[] rgb = SurfaceDefectImages.Draw(label, seed, size);
        using SKBitmap bitmap = TestImages.Draw(size, size, (x, y) =>
        {
            int at = ((y * size) + x) * 3;
            return new(rgb[at], rgb[at + 1], rgb[at + 2]);
        });
        return folder.Save(name, bitmap);
    }

    public void Dispose() => _images.Dispose();
}
