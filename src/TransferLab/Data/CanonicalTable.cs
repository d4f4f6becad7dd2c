using System.Globalization;

namespace TransferLab.Data;

/// <summary>Unicode's canonical decompositions and combining classes, from the embedded table.</summary>
internal sealed class CanonicalTable
{
    /// <summary>One step of decomposition, to one or two code points.</summary>
    public Dictionary<int, int[]> Parts { get; } = [];

    /// <summary>What two code points compose to.</summary>
    public Dictionary<(int First, int Second), int> Pairs { get; } = [];

    /// <summary>Combining classes other than 0.</summary>
    public Dictionary<int, int> Classes { get; } = [];

    /// <summary>Code points that may change, or change what stands before them; Hangul apart.</summary>
    public HashSet<int> Changes { get; } = [];

    public static CanonicalTable Load()
    {
        var table = new CanonicalTable();
        using var reader = new StreamReader(typeof(CanonicalTable).Assembly.GetManifestResourceStream("TransferLab.Data.canonical.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] != '#')
            {
                table.Add(line);
            }
        }

        return table;
    }

    private void Add(string line)
    {
        if (line.Contains('='))
        {
            int[] range = Numbers(line.Split(["..", "="], StringSplitOptions.None));
            for (int point = range[0]; point <= range[1]; point++)
            {
                Classes[point] = range[2];
                Changes.Add(point);
            }

            return;
        }

        bool composes = line[0] != '-';
        int[] points = Numbers(line.TrimStart('-').Split(' '));
        Parts[points[0]] = points[1..];
        if (composes)
        {
            Pairs[(points[1], points[2])] = points[0];
            Changes.Add(points[2]);
        }
        else
        {
            Changes.Add(points[0]);
        }
    }

    private static int[] Numbers(string[] hex) => hex.Select(text => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
}
