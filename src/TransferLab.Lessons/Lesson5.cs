using System.Diagnostics;
using TransferLab.Data;
using TransferLab.SurfaceDefects;

namespace TransferLab.Lessons;

/// <summary>The exercises of lesson 5, your own data.</summary>
public static class Lesson5
{
    /// <summary>The plate that a picture shows, by its name: <c>.../plate-017-b.jpg</c> is number 17.</summary>
    public static int PlateOf(Example example)
    {
        string[] parts = Path.GetFileNameWithoutExtension(example.Name).Split('-');
        return int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Makes a folder as colleagues send it: three classes, copies, a picture under two labels, a class with next to nothing, and a file that is no
    /// picture.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <returns>The folder of the class folders.</returns>
    public static string MessyFolder(string folder)
    {
        string drawn = Path.Combine(folder, "drawn"), mine = Path.Combine(folder, "mine");
        SurfaceDefectImages.Write(drawn, trainPerClass: 30, testPerClass: 0);
        foreach ((string name, int count) in ((string, int)[])[("clean", 30), ("dent", 3), ("scratch", 24)])
        {
            string target = Directory.CreateDirectory(Path.Combine(mine, name)).FullName;
            foreach (string file in Directory.GetFiles(Path.Combine(drawn, "train", name)).Order(StringComparer.Ordinal).Take(count))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }

        for (int i = 0; i < 4; i++)
        {
            File.Copy(Path.Combine(mine, "scratch", $"{i:D4}.jpg"), Path.Combine(mine, "scratch", $"IMG_{i} (copy).jpg"));
        }

        File.Copy(Path.Combine(mine, "scratch", "0007.jpg"), Path.Combine(mine, "clean", "IMG_0815.jpg"));
        File.WriteAllText(Path.Combine(mine, "clean", "holiday.jpg"), "404 not found");
        Directory.Delete(drawn, recursive: true);
        return mine;
    }

    /// <summary>Makes a folder with three shots of every plate: the same scene from a little nearer and further away.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="platesPerClass">Plates of each class.</param>
    /// <returns>The folder of the class folders.</returns>
    public static string Plates(string folder, int platesPerClass)
    {
        string plates = Path.Combine(folder, "plates");
        foreach ((char shot, int size) in ((char, int)[])[('a', 96), ('b', 102), ('c', 90)])
        {
            string drawn = Path.Combine(folder, $"drawn-{shot}");
            SurfaceDefectImages.Write(drawn, platesPerClass, testPerClass: 0, seed: 5, size);
            foreach (string name in SurfaceDefectImages.Classes)
            {
                string target = Directory.CreateDirectory(Path.Combine(plates, name)).FullName;
                for (int i = 0; i < platesPerClass; i++)
                {
                    File.Move(Path.Combine(drawn, "train", name, $"{i:D4}.jpg"), Path.Combine(target, $"plate-{i:D3}-{shot}.jpg"));
                }
            }

            Directory.Delete(drawn, recursive: true);
        }

        return plates;
    }

    /// <summary>Runs a program that is one C# file, as <c>dotnet run</c> does, and gives what it prints.</summary>
    /// <param name="file">The file.</param>
    /// <param name="arguments">What the program is given.</param>
    /// <exception cref="InvalidOperationException">It fails; the message is what it printed.</exception>
    public static string RunProgram(string file, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet", ["run", file, "--", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(file)),
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name); // Where a build tool started this lesson, that one's settings are not the program's.
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet cannot be started.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{Path.GetFileName(file)} fails: {output}{errors.GetAwaiter().GetResult()}");
    }

    /// <summary>How many training pictures are there once more.</summary>
    /// <param name="data">The data, with the hash of every picture.</param>
    public static Exercise<int> Copies(LabeledData data)
    {
        int right = data.Train.Count - data.Train.Select(example => example.Hash).Distinct().Count();
        return new()
        {
            Id = "5.1",
            Hint = "Two pictures with the same pixels have the same Hash. Count all training pictures, and take away the number of different hashes (Select, "
                + "Distinct, Count).",
            Solution = "copies = data.Train.Count - data.Train.Select(e => e.Hash).Distinct().Count();",
            Mistakes = ["copies = data.Train.Select(e => e.Hash).Distinct().Count();",
                "copies = data.Train.Count - data.Train.Select(e => e.Name).Distinct().Count();"],
            Takeaway = "A copy adds nothing to learn from, and where it has two labels it does harm.",
            Fault = answer => answer == right ? null : "count the pictures that could be taken away without losing any pixels: all, minus the different ones.",
        };
    }

    /// <summary>A split that does not tear plates apart.</summary>
    /// <param name="all">All pictures, three of every plate.</param>
    public static Exercise<Func<Example, bool>> ByPlate(IReadOnlyList<Example> all) => new()
    {
        Id = "5.2",
        Hint = "Lesson5.PlateOf(example) is the number of the plate. Every fourth plate: the number divided by 4 leaves 0.",
        Solution = "isTest = example => Lesson5.PlateOf(example) % 4 == 0;",
        Mistakes =
        [
            "isTest = example => example.Name.EndsWith(\"-c.jpg\");",
            "Random coin = new(1); isTest = example => coin.Next(4) == 0;",
            "isTest = example => true;",
            "isTest = example => example.Label < 3;",
        ],
        Takeaway = "Whatever belongs together - shots of one plate, patches of one patient, messages of one customer - goes to one side.",
        Fault = isTest =>
        {
            ILookup<(int Label, int Plate), bool> sides = all.ToLookup(example => (example.Label, PlateOf(example)), isTest);
            double share = sides.Count(plate => plate.First()) / (double)sides.Count;
            return sides.Any(plate => plate.Distinct().Count() > 1) ? "some plate has pictures on both sides."
                : share is < 0.1 or > 0.5 ? $"{100 * share:0} % of the plates are in the test; about a quarter is wanted."
                : sides.GroupBy(plate => plate.Key.Label).Any(plates => plates.Select(plate => plate.First()).Distinct().Count() < 2)
                    ? "some class is on one side only: it is tested and never learned, or learned and never tested."
                : null;
        },
    };
}
