using System.Globalization;

namespace TransferLab.MLNetBaselines;

/// <summary>The command line: the data as <c>transferlab compare</c> takes it, so that the splits are the same.</summary>
internal sealed record BaselineArguments
{
    public required string Data { get; init; }

    public required bool IsText { get; init; }

    public string Out { get; init; } = "mlnet-baselines";

    public string TextColumn { get; init; } = "text";

    public string LabelColumn { get; init; } = "label";

    public int Seeds { get; init; } = 1;

    public int? TrainPerClass { get; init; }

    public string Command { get; init; } = "";

    /// <exception cref="ArgumentException">An option is unknown, lacks its value, or --images and --text are not exactly one.</exception>
    public static BaselineArguments Parse(string[] args)
    {
        Dictionary<string, string> given = [];
        for (int i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--images" or "--text" or "--out" or "--text-column" or "--label-column" or "--seeds" or "--train-per-class")
                || i + 1 >= args.Length)
            {
                throw new ArgumentException(
                    $"{args[i]}: usage: --images DIR | --text FILE [--out DIR] [--text-column NAME] [--label-column NAME] [--seeds N] [--train-per-class N]");
            }

            given[args[i]] = args[i + 1];
        }

        if (given.ContainsKey("--images") == given.ContainsKey("--text"))
        {
            throw new ArgumentException("Name the data with --images DIR or --text FILE, and only one of them.");
        }

        int? Number(string option) => !given.TryGetValue(option, out string? text) ? null
            : int.TryParse(text, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw new ArgumentException($"{option} {text}: give a whole number of 1 or more.");
        return new()
        {
            Data = given.GetValueOrDefault("--text") ?? given["--images"],
            IsText = given.ContainsKey("--text"),
            Out = given.GetValueOrDefault("--out", "mlnet-baselines"),
            TextColumn = given.GetValueOrDefault("--text-column", "text"),
            LabelColumn = given.GetValueOrDefault("--label-column", "label"),
            Seeds = Number("--seeds") ?? 1,
            TrainPerClass = Number("--train-per-class"),
            Command = string.Join(' ', args),
        };
    }
}
