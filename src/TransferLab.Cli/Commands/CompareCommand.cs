using System.CommandLine;
using TransferLab.Backbones;
using TransferLab.Backbones.ResNet18;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Reporting;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab compare</c>: the main job.</summary>
internal static class CompareCommand
{
    private static readonly Option<string?> s_images = new("--images") { Description = "Folder of images (train/CLASS/*, test/CLASS/*, or CLASS/* to be split), or the name of a public set; the embedded set where not given", HelpName = "DIR|NAME" };
    private static readonly Option<string?> s_test = new("--test") { Description = "Folder of the test images, one sub-folder a class", HelpName = "DIR" };
    private static readonly Option<string> s_backbone = new("--backbone") { Description = "Pretrained network", DefaultValueFactory = _ => "resnet18", HelpName = "NAME" };
    private static readonly Option<string> s_strategies = new("--strategies")
    {
        Description = $"Comma-separated: {string.Join(", ", StrategyCatalogue.All.Select(s => s.Name))}; or FILE.json with phases of your own",
        DefaultValueFactory = _ => "frozen,full,scratch,classical",
        HelpName = "LIST",
    };

    private static readonly Option<int> s_seeds = new("--seeds") { Description = "Repeat with that many seeds", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<int?> s_perClass = new("--train-per-class") { Description = "Draw that many training images a class, anew for every seed", HelpName = "N" };
    private static readonly Option<int?> s_size = new("--image-size") { Description = "Size that the network sees, a multiple of 32; chosen from the data where not given", HelpName = "PX" };
    private static readonly Option<bool> s_noFlip = new("--no-flip") { Description = "Do not mirror images in training: for writing, and whatever left and right tell apart" };
    private static readonly Option<bool> s_skip = new("--skip-unreadable") { Description = "Leave out images that cannot be read, instead of stopping" };
    private static readonly Option<string?> s_root = new("--data-root") { Description = $"Where public sets lie; {Catalogue.RootVariable} where not given", HelpName = "DIR" };
    private static readonly Option<string> s_out = new("--out") { Description = "Folder for report.html, results.json, predictions and models", DefaultValueFactory = _ => "transferlab-out", HelpName = "DIR" };
    private static readonly Option<string> s_device = new("--device") { Description = "auto, cpu or cuda", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
    private static readonly Option<string> s_precision = new("--precision") { Description = "auto (by a quick measurement), float32 or bfloat16", DefaultValueFactory = _ => "auto", HelpName = "NAME" };

    public static Command Create() => new Command("compare", """
        Trains the same network frozen and fine-tuned, beside its controls, and reports accuracy against training time.

        Examples:
          transferlab compare
          transferlab compare --images flowers/ --out flowers-results
          transferlab compare --images cifar10 --data-root ~/data --train-per-class 20 --seeds 3 --strategies frozen,full
        """)
    {
        s_images, s_test, s_backbone, s_strategies, s_seeds, s_perClass, s_size, s_noFlip, s_skip, s_root, s_out, s_device, s_precision,
    }.Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string folder = arguments.GetRequiredValue(s_out);
        ComparisonOptions options = new()
        {
            Strategies = [.. arguments.GetRequiredValue(s_strategies).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(StrategyCatalogue.Find)],
            Seeds = arguments.GetValue(s_seeds),
            TrainPerClass = arguments.GetValue(s_perClass),
            Augmentation = Augmentation.Standard with { Flip = !arguments.GetValue(s_noFlip) },
            OutputFolder = folder,
            Command = "transferlab " + string.Join(' ', arguments.Tokens.Select(token => token.Value.Contains(' ', StringComparison.Ordinal) ? $"\"{token.Value}\"" : token.Value)),
        };
        options.Validate();
        CheckBackbone(arguments.GetRequiredValue(s_backbone));
        if (arguments.GetValue(s_size) is { } given && (given < 32 || given % 32 != 0))
        {
            throw new ArgumentException($"--image-size {given}: the network halves the image five times; use a multiple of 32.");
        }

        Directory.CreateDirectory(folder);

        Display display = new();
        ImageData images = ReadImages(arguments, display, cancellation);
        int size = arguments.GetValue(s_size) ?? ImageSizes.Choose(images.MedianShortSide);
        ComputeDevice compute = ComputeDevice.Choose(arguments.GetRequiredValue(s_device), arguments.GetRequiredValue(s_precision));
        Backbone backbone = ResNet18.ImageNetAt(size);
        display.Describe(images, size, arguments.GetValue(s_size) is not null, compute, backbone);

        ComparisonResults results = display.Follow(progress => new Comparer(images.Data, backbone, compute, options).Run(progress, cancellation));
        HtmlReport.Write(results, Path.Combine(folder, "report.html"));
        display.Show(results, folder);
    }

    private static void CheckBackbone(string name)
    {
        if (name != "resnet18")
        {
            throw new ArgumentException($"There is no backbone '{name}'; choose resnet18.");
        }
    }

    private static ImageData ReadImages(ParseResult arguments, Display display, CancellationToken cancellation)
    {
        string source = arguments.GetValue(s_images) ?? EmbeddedData.Images;
        string folder = Directory.Exists(source) ? source
            : source.Contains('/', StringComparison.Ordinal) || source.Contains('\\', StringComparison.Ordinal)
                ? throw new DataException($"--images {source}: there is no such folder.")
                : EmbeddedData.Find(source) ?? Catalogue.Locate(source, arguments.GetValue(s_root));
        ImageFolderOptions options = new() { TestFolder = arguments.GetValue(s_test), SkipUnreadable = arguments.GetValue(s_skip) };
        return display.Reading(progress => ImageFolder.Read(folder, options, progress, cancellation));
    }
}
