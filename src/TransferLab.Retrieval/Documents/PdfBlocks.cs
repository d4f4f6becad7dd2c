using System.Globalization;
using TransferLab.ChatData;
using TransferLab.Data;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace TransferLab.Retrieval;

/// <summary>The text of a PDF file, page by page. Pages that are pictures of text have none, and are counted.</summary>
internal static class PdfBlocks
{
    private const int MostPages = 20_000;

    public static IReadOnlyList<DocumentBlock> Read(string file, string name, Losses losses)
    {
        try
        {
            using PdfDocument document = PdfDocument.Open(file);
            if (document.NumberOfPages > MostPages)
            {
                throw new DataException($"{file} has {document.NumberOfPages:N0} pages, and documents have {MostPages:N0} at most; split it.");
            }

            List<DocumentBlock> blocks = [];
            foreach (Page page in document.GetPages())
            {
                string place = string.Create(CultureInfo.InvariantCulture, $"page {page.Number}");
                string text = ContentOrderTextExtractor.GetText(page, addDoubleNewline: true);
                string[] paragraphs = [.. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
                if (paragraphs.Length == 0)
                {
                    losses.Add("pages without text (pictures of text are not read)", $"{name}, {place}");
                }

                blocks.AddRange(paragraphs.Select(paragraph => new DocumentBlock(0, paragraph) { Place = place }));
            }

            return blocks;
        }
        catch (Exception e) when (e is not (DataException or IOException or UnauthorizedAccessException or OutOfMemoryException))
        {
            throw new DataException($"{file} is no PDF that can be read ({e.Message.ReplaceLineEndings(" ")}); save it anew, without a password.", e);
        }
    }
}
