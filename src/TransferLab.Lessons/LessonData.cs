using System.Globalization;
using TransferLab.Data;
using TransferLab.SurfaceDefects;

namespace TransferLab.Lessons;

/// <summary>The data sets that lessons work on. They come with the package, and need no network.</summary>
public static class LessonData
{
    private const string Tickets = "support-tickets";

    /// <summary>Pictures of metal surfaces with one of nine defects, or none, drawn on first use: at 40 and 40 a class the set of <c>transferlab
    /// compare</c>.</summary>
    /// <param name="trainPerClass">Training images of each of the ten classes.</param>
    /// <param name="testPerClass">Test images of each.</param>
    /// <param name="seed">Another seed draws other images.</param>
    /// <exception cref="DataException">The folder for temporary files cannot be written to.</exception>
    public static LabeledData SurfaceDefects(int trainPerClass = 40, int testPerClass = 40, int seed = SurfaceDefectImages.DefaultSeed)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"surface-defects-{trainPerClass}-{testPerClass}-{seed}");
        string folder = Made(name, target => SurfaceDefectImages.Write(target, trainPerClass, testPerClass, seed));
        return ImageFolder.Read(folder).Data with { Name = "surface-defects" };
    }

    /// <summary>Messages of customers to a shop, each with one of 14 intents: 40 and 40 of each.</summary>
    /// <exception cref="DataException">The folder for temporary files cannot be written to.</exception>
    public static LabeledData SupportTickets() => TextData.Read(SupportTicketsFolder()) with { Name = Tickets };

    /// <summary>The folder with <c>train.csv</c> and <c>test.csv</c> of <see cref="SupportTickets"/>.</summary>
    public static string SupportTicketsFolder() => Made(Tickets, target =>
    {
        foreach (string file in (string[])["train.csv", "test.csv"])
        {
            using Stream source = typeof(LessonData).Assembly.GetManifestResourceStream($"{Tickets}/{file}")!;
            using FileStream copy = File.Create(Path.Combine(target, file));
            source.CopyTo(copy);
        }
    });

    /// <summary>A folder that is made whole or not at all, and found again.</summary>
    private static string Made(string name, Action<string> make)
    {
        string root = Path.Combine(Lesson.Root, "data");
        string folder = Path.Combine(root, name);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        string half = Path.Combine(root, Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(half);
            make(half);
            if (!Directory.Exists(folder)) // Another lesson may have been faster.
            {
                Directory.Move(half, folder);
            }

            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The lesson's data cannot be written to {folder}: {e.Message}", e);
        }
    }
}
