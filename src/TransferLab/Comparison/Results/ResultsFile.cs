using System.Text.Json;
using System.Text.Json.Serialization;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Comparison;

/// <summary>Reads and writes <c>results.json</c>.</summary>
public static class ResultsFile
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        WriteIndented = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>How files of a comparison are written.</summary>
    internal static JsonSerializerOptions Options => s_options;

    /// <summary>Writes the results whole or not at all.</summary>
    public static void Write(ComparisonResults results, string path) => WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, results, s_options));

    /// <summary>Reads results that this or an earlier version wrote.</summary>
    /// <exception cref="DataException">The file is missing, is not a results file, or is of a newer version than this library.</exception>
    public static ComparisonResults Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            int version = JsonSerializer.Deserialize<Header>(stream, s_options)?.FormatVersion ?? 0;
            CheckVersion(path, version);
            stream.Position = 0;
            return EarlierResults.Complete(JsonSerializer.Deserialize<ComparisonResults>(stream, s_options)
                ?? throw new DataException($"{path}: empty; write it again with 'transferlab compare'."), version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {ReadFault.Of(path, e)}.", e);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: not a TransferLab results file (line {e.LineNumber + 1}: {e.Message})", e);
        }
    }

    private static void CheckVersion(string path, int version)
    {
        if (version is < 0 or > ComparisonResults.CurrentFormat)
        {
            throw new DataException(
                $"{path}: of format {version}, and this version of TransferLab reads formats 0 to {ComparisonResults.CurrentFormat}; read it with the version "
                    + $"that wrote it, or a newer one.");
        }
    }

    /// <summary>What decides whether the rest can be read, so that a newer file is refused for its version and not for what is new in it.</summary>
    private sealed record Header
    {
        public int FormatVersion { get; init; }
    }
}
