namespace TransferLab.Data;

/// <summary>What was done to write a file without the faults of another.</summary>
/// <param name="Path">The file that was written.</param>
/// <param name="Written">Rows in it.</param>
/// <param name="Mended">What was mended, one finding each.</param>
/// <param name="LeftOut">Why rows were left out: their faults that a person has to decide on, duplicates, rows that are too long.</param>
public sealed record ChatMending(string Path, int Written, IReadOnlyList<ChatFinding> Mended, IReadOnlyList<ChatFinding> LeftOut)
{
    /// <summary>The kind of what ends the reading of an array: rows behind it were never seen.</summary>
    internal const string CutArray = "cut-array";
    private const string Gone = "left out";

    internal static ChatMending Write(ChatReport report, string path)
    {
        if (report.Findings.FirstOrDefault(finding => finding is { InTest: false, Kind: CutArray }) is { } cut)
        {
            throw new DataException($"{report.Path} cannot be read behind line {cut.Line}, and rows would be lost; mend that first. Nothing is written.");
        }

        List<Conversation> kept = [];
        List<ChatFinding> mended = [.. report.Findings.Where(finding =>
            finding is { InTest: false, Mended: not null, Kind: "encoding" or "array-in-lines" or "array" or "shape-not-taken" or "mixed-shapes" })];
        List<ChatFinding> gone = [];
        foreach (ChatRow row in report.RowsRead)
        {
            ChatFinding[] all = [.. row.Findings.Concat(row.Seen)];
            ChatFinding[] why = [.. all.Where(finding => finding.Mended == Gone || (!row.IsMendable && finding is { IsFault: true, Mended: null }))];
            if (row.IsMendable && why.Length == 0)
            {
                kept.Add(row.Conversation!);
                mended.AddRange(row.Findings.Where(finding => finding.Mended is not null));
            }
            else
            {
                gone.AddRange(why);
            }
        }

        if (kept.Count == 0)
        {
            throw new DataException($"{report.Path} has no row that can be mended without a person; nothing is written.");
        }

        ConversationFile.Write(path, kept);
        return new(path, kept.Count, mended, gone);
    }
}
