using TransferLab.Networks;
using TransferLab.Networks.Weights;

namespace TransferLab.Models;

/// <summary>Folders that tuning wrote: a card beside <c>adapter/</c> or <c>model/</c>.</summary>
internal static class TunedFolder
{
    /// <summary>Name of the folder of adapters.</summary>
    public const string Adapter = "adapter";

    /// <summary>Name of the folder of a whole model.</summary>
    public const string Model = "model";

    /// <summary>The files of a model that is to be trained or asked as it is: those of a path, or of what was tuned whole there.</summary>
    /// <exception cref="WeightsException">It is a folder of an adapter, which is no model by itself.</exception>
    public static string Whole(string path)
    {
        (string files, string? adapter) = Resolve(path);
        return adapter is null ? files
            : throw new WeightsException(
                $"{path}: holds an adapter, and no model of its own; name its base {files} and go on from the adapter, or export the whole model first and "
                    + "name that.");
    }

    /// <summary>The files that a path stands for.</summary>
    /// <param name="path">Any file or folder of a language model.</param>
    /// <returns>Where the weights are, and where the adapters that belong to them; null for none.</returns>
    /// <exception cref="WeightsException">It is a folder of tuning, and damaged, or its base is no longer where it was.</exception>
    public static (string Path, string? Adapter) Resolve(string path)
    {
        if (!File.Exists(Path.Combine(path, LanguageModelCard.FileName)) || File.Exists(Path.Combine(path, "config.json")))
        {
            return (path, null);
        }

        LanguageModelCard card = LanguageModelCard.Read(path);
        string whole = Path.Combine(path, Model);
        if (Directory.Exists(whole))
        {
            return (whole, null);
        }

        string start = Path.IsPathRooted(card.Base) ? card.Base : Path.GetFullPath(card.Base);
        if (!File.Exists(start) && !Directory.Exists(start))
        {
            throw new WeightsException(
                $"{path}: its base {card.BaseName} is no longer at {card.Base}; put it back there (SHA-256 {card.BaseSha256}), or write \"base\" in "
                    + $"{LanguageModelCard.FileName} anew.");
        }

        return card.BaseSha256.Length == 0 || PublishedCard.HashOf(start) == card.BaseSha256
            ? (start, card.Strategy.Length == 0 ? null : Path.Combine(path, Adapter)) // A way that was not tuned names its base alone.
            : throw new WeightsException($"{path}: the adapter was made for another file than {start} is now (SHA-256 {card.BaseSha256} expected).");
    }
}
