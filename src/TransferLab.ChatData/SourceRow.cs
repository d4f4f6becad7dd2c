namespace TransferLab.ChatData;

/// <summary>One row of a table, whatever it comes from.</summary>
/// <param name="Source">The file or the database.</param>
/// <param name="Place">Where in it, for messages: "line 4", or "row 4" of a query.</param>
/// <param name="Values">Texts by the columns' names; of what is null, the empty text.</param>
public sealed record SourceRow(string Source, string Place, IReadOnlyDictionary<string, string> Values);
