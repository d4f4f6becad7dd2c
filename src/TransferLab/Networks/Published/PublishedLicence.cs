using System.Text.RegularExpressions;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>The licence of a published model: <c>license:</c> in the front matter of its README, or the first words of its LICENSE.</summary>
internal static partial class PublishedLicence
{
    /// <summary>Where nothing says it.</summary>
    public const string NotStated = "not stated";

    private const int MostBytes = 1 << 20, Longest = 100;
    private static readonly string[] s_files = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE"];

    /// <summary>The licence that a folder states.</summary>
    /// <exception cref="WeightsException">A file cannot be read.</exception>
    public static string Of(string folder)
    {
        if (Read(Path.Combine(folder, "README.md")) is { } readme && FrontMatter(readme) is { } stated)
        {
            return stated;
        }

        return s_files.Select(name => Read(Path.Combine(folder, name))).OfType<string>().Select(Recognize).FirstOrDefault() ?? NotStated;
    }

    /// <summary>The licence that the metadata of a GGUF file state.</summary>
    /// <exception cref="WeightsException">They hold something else than a text there.</exception>
    public static string Of(GgufMetadata metadata)
    {
        string? licence = metadata.Text("general.license");
        licence = licence is "other" or null or "" ? metadata.Text("general.license.name") ?? licence : licence;
        return string.IsNullOrWhiteSpace(licence) ? NotStated : Plain(licence);
    }

    /// <summary>Whether a licence forbids commercial use, by its name.</summary>
    public static bool ForbidsCommercialUse(string licence) => NonCommercial().IsMatch(licence);

    private static string? FrontMatter(string text)
    {
        if (!text.StartsWith("---", StringComparison.Ordinal))
        {
            return null;
        }

        string[] lines = [.. text.Split('\n').Skip(1).TakeWhile(line => !line.StartsWith("---", StringComparison.Ordinal)).Select(line => line.TrimEnd())];
        string? licence = Value(lines, "license");
        return licence is "other" or null or "" ? Value(lines, "license_name") ?? licence ?? null : licence;
    }

    // `license: mit`, or a list of which each item has a line.
    private static string? Value(string[] lines, string key)
    {
        int i = Array.FindIndex(lines, line => line.StartsWith(key + ":", StringComparison.Ordinal));
        if (i < 0)
        {
            return null;
        }

        string value = lines[i][(key.Length + 1)..].Trim();
        string all = value.Length > 0
            ? value
            : string.Join(", ", lines.Skip(i + 1).TakeWhile(line => line.TrimStart().StartsWith('-')).Select(line => line.TrimStart()[1..].Trim()));
        return all.Length == 0 ? null : Plain(all.Trim('[', ']', '"', '\''));
    }

    private static string Recognize(string text)
    {
        string start = Spaces().Replace(text[..Math.Min(text.Length, 2000)], " ").Trim();
        return start switch
        {
            _ when start.Contains("Apache License", StringComparison.OrdinalIgnoreCase) => "Apache-2.0",
            _ when start.Contains("Permission is hereby granted, free of charge", StringComparison.OrdinalIgnoreCase) => "MIT",
            _ when start.Contains("Redistribution and use in source and binary forms", StringComparison.OrdinalIgnoreCase) =>
                start.Contains("Neither the name", StringComparison.OrdinalIgnoreCase) ? "BSD-3-Clause" : "BSD-2-Clause",
            "" => NotStated,
            _ => Plain(start),
        };
    }

    private static string Plain(string text)
    {
        string plain = Data.Naming.Visible(string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim());
        return plain.Length > Longest ? plain[..Longest] + "..." : plain;
    }

    private static string? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using StreamReader reader = new(path);
            char[] start = new char[MostBytes];
            return new(start, 0, reader.ReadBlock(start, 0, start.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path}: cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    [GeneratedRegex(@"\bnc\b|non-?\s?commercial|research[ -]only|only for research", RegexOptions.IgnoreCase)]
    private static partial Regex NonCommercial();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
