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
    };

    /// <summary>How files of a comparison are written.</summary>
    internal static JsonSerializerOptions Options => s_options;

    /// <summary>Writes the results whole or not at all.</summary>
    public static void Write(ComparisonResults results, string path) => WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, results, s_options));

    /// <summary>Reads results that this or an earlier version wrote.</summary>
    /// <exception cref="DataException">The file is missing or is not a results file.</exception>
    public static ComparisonResults Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<ComparisonResults>(stream, s_options)
                ?? throw new DataException($"{path}: empty; write it again with 'transferlab compare'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read ({e.Message}).", e);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: not a TransferLab results file (line {e.LineNumber + 1}: {e.Message})", e);
        }
    }
}
