using System.Text.RegularExpressions;

namespace TransferLab.Cli;

/// <summary>The library names its options as code does, "option TextColumn"; here they are flags.</summary>
internal static partial class OptionNames
{
    private static readonly Dictionary<string, string> s_flags = new()
    {
        ["TextColumn"] = "--text-column",
        ["LabelColumn"] = "--label-column",
        ["Separator"] = "--separator",
        ["Quote"] = "--quote",
        ["ClassesAsIs"] = "--classes-as-is",
        ["SkipUnreadable"] = "--skip-unreadable",
        ["DataRoot"] = "--data-root",
        ["Architecture"] = "--architecture",
        ["Section"] = "--section",
        ["ImageSize"] = "--image-size",
        ["Mean"] = "--mean",
        ["Deviation"] = "--deviation",
        ["MaxTokens"] = "--max-tokens",
        ["Prefix"] = "--prefix",
        ["Pooling"] = "--pooling",
        ["OnnxOutput"] = "--onnx-output",
        ["Rates"] = "--rate search",
    };

    /// <summary>A message of the library with flags in it.</summary>
    public static string AsFlags(string message) => Option().Replace(message, match => s_flags.GetValueOrDefault(match.Groups[1].Value, match.Value));

    [GeneratedRegex(@"\boption ([A-Z][A-Za-z]+)\b")]
    private static partial Regex Option();
}
