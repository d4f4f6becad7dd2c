using TransferLab.Models;

namespace TransferLab.Comparison;

/// <summary>Keeps a way whole in <c>models/WAY</c>: what tuning wrote or the name of the base, the examples that it shows, the index in which it looks
/// up.</summary>
internal sealed class WayFolder(string output, string model, BaseCard card, AnswerOptions options, IReadOnlyList<Data.Conversation> examples, string precision)
{
    /// <summary>Writes it, whole or not at all.</summary>
    /// <param name="row">The way.</param>
    /// <param name="tuned">What tuning wrote; null where nothing was tuned.</param>
    /// <returns>Its files.</returns>
    public IReadOnlyList<StoredFile> Write(WayRow row, string? tuned)
    {
        string target = Path.Combine(output, "models", row.Stem), made = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(made);
            if (tuned is null)
            {
                new LanguageModelCard
                {
                    Base = model,
                    BaseName = card.Name,
                    BaseSha256 = card.Sha256,
                    BaseLicense = card.Licence,
                    Architecture = card.Architecture,
                    Template = card.Template,
                }.Write(made);
            }
            else
            {
                Copy(tuned, made);
            }

            bool looksUp = row.Way.Context == WayContext.Rag, shows = row.Way.Context == WayContext.FewShot;
            new SavedWay
            {
                Name = row.Way.Name,
                Shots = shows ? options.Shots : 0,
                Passages = looksUp ? options.Passages : 0,
                Prompt = options.Prompt,
                Retriever = looksUp ? options.Retriever!.Name : null,
                AnswerTokens = options.AnswerTokens,
                Precision = precision,
            }.Write(made, shows ? examples : null);
            if (looksUp)
            {
                options.SaveIndex!(Path.Combine(made, SavedWay.IndexFolder));
            }

            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(made, target);
        }
        catch
        {
            if (Directory.Exists(made))
            {
                Directory.Delete(made, recursive: true);
            }

            throw;
        }

        return [.. Directory.GetFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => StoredFile.Of(output, Path.GetRelativePath(output, file).Replace('\\', '/')))];
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file =>
            Path.GetFileName(file) is not ("tuned.json" or "checkpoint.safetensors")))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

/// <summary>What a card says of the base.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">Of its file; empty where it has several.</param>
/// <param name="Licence">Its licence.</param>
/// <param name="Architecture">The network in a few words.</param>
/// <param name="Template">Its chat template.</param>
internal sealed record BaseCard(string Name, string Sha256, string Licence, string Architecture, string? Template);
