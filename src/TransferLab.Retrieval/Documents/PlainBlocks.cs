using System.Text;
using System.Text.RegularExpressions;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>Plain text and Markdown: paragraphs between empty lines, in Markdown under headings.</summary>
internal static partial class PlainBlocks
{
    public static IReadOnlyList<DocumentBlock> Read(string file, bool isMarkdown)
    {
        using StrictReader reader = StrictReader.Open(file);
        List<DocumentBlock> blocks = [];
        StringBuilder paragraph = new();
        bool inCode = false;
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            reader.Check($"{file}, line {line}", text);
            bool isFence = isMarkdown && text.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inCode ^= isFence;
            if (isMarkdown && !inCode && !isFence && Heading().Match(text) is { Success: true } heading)
            {
                End();
                blocks.Add(new(heading.Groups[1].Length, heading.Groups[2].Value.Trim()));
            }
            else if (string.IsNullOrWhiteSpace(text) && !inCode)
            {
                End();
            }
            else if (!isFence)
            {
                paragraph.Append(paragraph.Length == 0 ? "" : "\n").Append(text.TrimEnd());
            }
        }

        End();
        return blocks;

        void End()
        {
            string text = paragraph.ToString().Trim();
            paragraph.Clear();
            if (text.Length > 0)
            {
                blocks.Add(new(0, text));
            }
        }
    }

    [GeneratedRegex(@"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")]
    private static partial Regex Heading();
}
