using TransferLab.Data;
using TransferLab.Lessons;

namespace TransferLab.Tests.Lessons;

public sealed class LessonDataTests
{
    [Fact]
    public void The_messages_of_the_package_are_those_of_the_repository()
    {
        LabeledData packaged = LessonData.SupportTickets(), stored = TextData.Read(Path.Combine(AppContext.BaseDirectory, "datasets", "support-tickets"));
        Assert.Equal(stored.Hash, packaged.Hash);
    }

    [Fact]
    public void Pictures_are_drawn_once_and_found_again()
    {
        LabeledData first = LessonData.SurfaceDefects(1, 1, seed: 77), again = LessonData.SurfaceDefects(1, 1, seed: 77);
        Assert.Equal(10, first.Classes.Count);
        Assert.Equal(first.Hash, again.Hash);
    }

    [Fact]
    public void The_messy_folder_is_refused_for_its_broken_file_and_warned_about_for_the_rest()
    {
        string folder = Lesson5.MessyFolder(Lesson.NewFolder("test-messy"));
        Assert.Contains("holiday.jpg", Assert.Throws<DataException>(() => ImageFolder.Read(folder)).Message, StringComparison.Ordinal);
        IReadOnlyList<string> warnings = ImageFolder.Read(folder, new() { SkipUnreadable = true }).Data.Warnings;
        Assert.Contains(warnings, warning => warning.Contains("more than one label", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("repeat", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("uneven", StringComparison.Ordinal));
    }

    [Fact]
    public void Flattened_rows_keep_their_neighbours()
    {
        Random random = new(1);
        float[][] rows = [.. Enumerable.Range(0, 60).Select(i => Enumerable.Range(0, 8).Select(d => (d == i % 3 ? 5f : 0) + random.NextSingle()).ToArray())];
        IReadOnlyList<(double X, double Y)> points = Flatten.TSne(rows, iterations: 250);
        int together = Enumerable.Range(0, 60).Count(i => Enumerable.Range(0, 60).Where(j => j != i)
            .MinBy(j => Math.Pow(points[i].X - points[j].X, 2) + Math.Pow(points[i].Y - points[j].Y, 2)) % 3 == i % 3);
        Assert.True(together >= 55, $"{together} of 60 have a nearest neighbour of their own kind");
    }
}
