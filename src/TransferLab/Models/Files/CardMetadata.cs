using TransferLab.Networks;

namespace TransferLab.Models;

/// <summary>What a saved model says of the backbone that it was made with: name, licence and hash travel with the weights, and no path of a machine.</summary>
internal static class CardMetadata
{
    private const string NameKey = "transferlab.backbone", HashKey = "transferlab.backbone.sha256", LicenceKey = "transferlab.backbone.licence";
    private const int Longest = 1000;

    /// <summary>Adds a card to a file's metadata.</summary>
    public static void AddTo(IDictionary<string, string> metadata, BackboneCard? card)
    {
        if (card is not null)
        {
            (metadata[NameKey], metadata[HashKey], metadata[LicenceKey]) = (card.Name, card.Sha256, card.Licence);
        }
    }

    /// <summary>The card in a file's metadata; null where it has none.</summary>
    public static BackboneCard? In(IReadOnlyDictionary<string, string> metadata) => metadata.TryGetValue(NameKey, out string? name)
        ? new()
        {
            Name = Line(name),
            Sha256 = Line(metadata.GetValueOrDefault(HashKey, "")),
            Licence = Line(metadata.GetValueOrDefault(LicenceKey, PublishedLicence.NotStated)),
        }
        : null;

    private static string Line(string text)
    {
        string plain = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return plain.Length > Longest ? plain[..Longest] + "..." : plain;
    }
}
