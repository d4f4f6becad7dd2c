namespace TransferLab.Data;

/// <summary>What a host asks of a file as a whole.</summary>
internal static class FileRules
{
    public static IEnumerable<ChatFinding> Of(ChatFile file, ChatHost host, bool isTest)
    {
        foreach (ChatFinding finding in file.Findings)
        {
            yield return finding;
        }

        if (file.Rows.Count == 0)
        {
            yield return Whole("no-rows", true, "there are no rows", "write one conversation a line");
            yield break;
        }

        if (file.Bytes > host.MaximumBytes)
        {
            yield return Whole("too-large", true, $"{file.Bytes >> 20:N0} MB where {host.Name} takes {host.MaximumBytes >> 20:N0}", "split it");
        }

        if (file.IsArray && host.JsonLinesOnly && Path.GetExtension(file.Path).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            yield return Whole("array", true, $"one JSON array where {host.Name} takes one object a line", "write it as .jsonl",
                "written as one object a line");
        }

        foreach (ChatFinding finding in Shapes(file, host).Concat(isTest ? [] : Numbers(file, host)))
        {
            yield return finding;
        }
    }

    private static IEnumerable<ChatFinding> Shapes(ChatFile file, ChatHost host)
    {
        (ChatShape Shape, ChatRow First)[] shapes = [.. file.Rows.Where(row => row.Shape is not null).GroupBy(row => row.Shape!.Value)
            .Select(group => (group.Key, group.First()))];
        foreach ((ChatShape shape, ChatRow first) in shapes.Where(item => !host.Shapes.Contains(item.Shape)))
        {
            int rows = file.Rows.Count(row => row.Shape == shape);
            yield return new(first.Line, "$", "shape-not-taken", true,
                $"{Naming.Count(rows, "row has", "rows have")} {NameOf(shape)}, which {host.Name} does not take",
                "write messages")
            { Mended = "written as messages" };
        }

        if (shapes.Length > 1)
        {
            string lines = string.Join(", ", shapes.Select(item => $"{NameOf(item.Shape)} (from line {item.First.Line})"));
            yield return Whole("mixed-shapes", host.RefusesMixedShapes,
                $"rows of several shapes: {lines}{(host.RefusesMixedShapes ? $", which {host.Name} refuses" : "")}", "write all as messages",
                "written as messages");
        }
    }

    private static IEnumerable<ChatFinding> Numbers(ChatFile file, ChatHost host)
    {
        int rows = file.Rows.Count;
        if (rows < host.MinimumRows)
        {
            yield return Whole("few-rows", true, $"{Naming.Count(rows, "row", "rows")} where {host.Name} takes no fewer than {host.MinimumRows}",
                "collect more: 50 to 100 good ones are advised");
        }
        else if (rows < host.AdvisedRows)
        {
            yield return Whole("few-rows", false,
                $"{Naming.Count(rows, "row", "rows")}; {(host.AdvisedRows < 100 ? $"{host.AdvisedRows} to 100" : $"{host.AdvisedRows}")} are advised",
                "collect more good ones");
        }

        if (rows > host.MaximumRows)
        {
            yield return Whole("many-rows", true, $"{rows:N0} rows where {host.Name} takes {host.MaximumRows:N0}", "leave some out");
        }
    }

    private static string NameOf(ChatShape shape) => shape switch
    {
        ChatShape.Messages => "messages",
        ChatShape.PromptCompletion => "prompt and completion",
        ChatShape.Instruction => "instruction and output",
        _ => "conversations (ShareGPT)",
    };

    private static ChatFinding Whole(string kind, bool isFault, string reason, string mend, string? mended = null) =>
        new(0, "$", kind, isFault, reason, mend) { Mended = mended };
}
