using System.CommandLine;
using System.Globalization;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.SurfaceDefects;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab datasets</c>: what there is to train on.</summary>
internal static class DatasetsCommand
{
    private static readonly Option<string?> s_root = new("--data-root")
    {
        Description = $"Where public sets lie; {Catalog.RootVariable} where not given",
        HelpName = "DIR",
    };

    public static Command Create() => new Command("datasets", """
        Lists the data sets that are known by name, whether they are here, and where they come from.

        Examples:
          transferlab datasets --data-root ~/data
          transferlab datasets make surface-defects --train-per-class 500 --out defects/
          transferlab datasets make small-world --questions 100 --out world/
        """)
    {
        s_root, Make(),
    }.Does((arguments, _) =>
    {
        foreach (CatalogEntry entry in Catalog.All)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{entry.Name,-16} {entry.Task,-6} {entry.Classes,3} classes  {entry.Train,6:N0} + {entry.Test,5:N0}  "
                    + $"{Where(entry, arguments.GetValue(s_root))}"));
            Console.Out.WriteLine($"    {entry.Origin}; {entry.Page}; licence: {entry.Licence}");
        }
    });

    private static Command Make()
    {
        Argument<string> name = new("NAME") { Description = $"{EmbeddedData.Images}, or {SmallWorld.Name}: questions, documents and changes" };
        Option<string> folder = new("--out") { Description = "New or empty folder", Required = true, HelpName = "DIR" };
        Option<int> train = new("--train-per-class") { Description = "Training images a class", DefaultValueFactory = _ => 40, HelpName = "N" };
        Option<int> test = new("--test-per-class") { Description = "Test images a class", DefaultValueFactory = _ => 40, HelpName = "N" };
        Option<int> seed = new("--seed")
        {
            Description = "Another seed draws other images, or another world",
            DefaultValueFactory = _ => SurfaceDefectImages.DefaultSeed,
            HelpName = "N",
        };
        Option<int> questions = new("--questions")
        {
            Description = $"Test questions of {SmallWorld.Name}, 10 to 150",
            DefaultValueFactory = _ => 60,
            HelpName = "N",
        };
        Option<int> size = new("--size")
        {
            Description = "Width and height, pixels",
            DefaultValueFactory = _ => SurfaceDefectImages.DefaultSize,
            HelpName = "PX",
        };
        return new Command("make", "Draws a data set of the project's own: as many images as wanted, or another small world to ask a language model of.")
        {
            name, folder, train, test, seed, size, questions,
        }.Does((arguments, cancellation) =>
        {
            bool isWorld = arguments.GetRequiredValue(name) == SmallWorld.Name;
            if (!isWorld && arguments.GetRequiredValue(name) != EmbeddedData.Images)
            {
                throw new ArgumentException(
                    $"'{arguments.GetRequiredValue(name)}' cannot be drawn; choose {EmbeddedData.Images} or {SmallWorld.Name}.");
            }

            Option<int>[] others = isWorld ? [train, test, size] : [questions];
            if (others.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } useless)
            {
                throw new ArgumentException($"{useless.Name}: {arguments.GetRequiredValue(name)} has none; leave it out.");
            }

            if (isWorld && arguments.GetValue(questions) is < 10 or > 150)
            {
                throw new ArgumentException($"--questions {arguments.GetValue(questions)}: give 10 to 150.");
            }

            string target = arguments.GetRequiredValue(folder);
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            {
                throw new ArgumentException($"{target}: is not empty; name a new folder, so that two sets do not mix.");
            }

            OutputPlace.CheckWritable($"--out {target}", Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(target))) ?? target);
            if (isWorld)
            {
                WholeFolder.Write(target, made => SmallWorldTask.Write(made, arguments.GetValue(seed), arguments.GetValue(questions)));
                Console.Out.WriteLine(
                    $"train.jsonl, test.jsonl, {SmallWorldTask.Documents}/, {SmallWorldTask.Changes}, {SmallWorldTask.DocumentsAfter}/: {target}");
                return;
            }

            WholeFolder.Write(target, made => SurfaceDefectImages.Write(made, arguments.GetValue(train), arguments.GetValue(test), arguments.GetValue(seed),
                arguments.GetValue(size), null, cancellation));
            Console.Out.WriteLine($"{SurfaceDefectImages.Classes.Count * (arguments.GetValue(train) + arguments.GetValue(test))} images: {target}");
        });
    }

    private static string Where(CatalogEntry entry, string? root)
    {
        if (entry.Embedded)
        {
            return "embedded";
        }

        try
        {
            return Catalog.Locate(entry.Name, root);
        }
        catch (DataException)
        {
            return "not here";
        }
    }
}
