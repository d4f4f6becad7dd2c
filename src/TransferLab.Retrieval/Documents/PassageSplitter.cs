using System.Text;
using System.Text.RegularExpressions;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>
/// Joins short paragraphs under one heading and cuts long ones between sentences, so that passages hold whole thoughts and fit into a prompt.
/// </summary>
internal static partial class PassageSplitter
{
    /// <summary>Passages in the order of the document, each with the place where it begins.</summary>
    public static IEnumerable<(string Place, string Text)> Split(IEnumerable<DocumentBlock> blocks, PassageOptions options)
    {
        List<(int Level, string Text)> headings = [];
        List<string> parts = [];
        int words = 0;
        string place = "";
        foreach (DocumentBlock block in blocks)
        {
            bool ends = block.Level > 0 || block.IsWhole || block.Place != place;
            if (ends && parts.Count > 0)
            {
                yield return End();
            }

            if (block.Level > 0)
            {
                headings.RemoveAll(heading => heading.Level >= block.Level);
                if (block.Text.Length > 0)
                {
                    headings.Add((block.Level, block.Text));
                }

                continue;
            }

            place = block.Place;
            int most = Math.Max(options.MostWords / 2, options.MostWords - (options.WithHeadings ? headings.Sum(heading => Words(heading.Text)) : 0));
            foreach (string part in Parts(block.Text, most))
            {
                int more = Words(part);
                if (parts.Count > 0 && (words + more > most || block.IsWhole))
                {
                    yield return End();
                }

                parts.Add(part);
                words += more;
            }
        }

        if (parts.Count > 0)
        {
            yield return End();
        }

        (string, string) End()
        {
            string text = string.Join('\n', parts);
            parts.Clear();
            words = 0;
            return (place, options.WithHeadings && headings.Count > 0 ? $"{string.Join(" > ", headings.Select(heading => heading.Text))}\n{text}" : text);
        }
    }

    /// <summary>Words between blanks; of scripts without blanks, two characters are one.</summary>
    public static int Words(string text)
    {
        int words = 0, unspaced = 0;
        bool inWord = false;
        foreach (char c in text)
        {
            bool isUnspaced = Scripts.IsUnspaced(c), isPart = !isUnspaced && !char.IsWhiteSpace(c);
            unspaced += isUnspaced ? 1 : 0;
            words += isPart && !inWord ? 1 : 0;
            inWord = isPart;
        }

        return words + ((unspaced + 1) / 2);
    }

    /// <summary>A paragraph whole, or its sentences joined up to the limit; a sentence that is longer itself is cut between words.</summary>
    private static IEnumerable<string> Parts(string text, int most)
    {
        if (Words(text) <= most)
        {
            return [text];
        }

        List<string> parts = [];
        StringBuilder part = new();
        int words = 0;
        foreach (string piece in SentenceEnd().Split(text).SelectMany(sentence => Words(sentence) <= most ? [sentence] : Pieces(sentence, most)))
        {
            int more = Words(piece);
            if (part.Length > 0 && words + more > most)
            {
                parts.Add(part.ToString().Trim());
                part.Clear();
                words = 0;
            }

            part.Append(piece);
            words += more;
        }

        parts.Add(part.ToString().Trim());
        return parts.Where(found => found.Length > 0);
    }

    private static IEnumerable<string> Pieces(string sentence, int most)
    {
        int from = 0, words = 0;
        bool inWord = false;
        double unspaced = 0;
        for (int i = 0; i < sentence.Length; i++)
        {
            bool isUnspaced = Scripts.IsUnspaced(sentence[i]), isPart = !isUnspaced && !char.IsWhiteSpace(sentence[i]);
            unspaced += isUnspaced ? 0.5 : 0;
            words += isPart && !inWord ? 1 : 0;
            bool begins = isUnspaced || (isPart && !inWord);
            inWord = isPart;
            if (begins && words + unspaced > most && i > from)
            {
                yield return sentence[from..i];
                (from, words, unspaced) = (i, isUnspaced ? 0 : 1, isUnspaced ? 0.5 : 0);
            }
        }

        yield return sentence[from..];
    }

    // Behind a mark that ends a sentence and the blank after it, or behind an ideographic one; the blank stays with the sentence before.
    [GeneratedRegex(@"(?<=[.!?]["")\]]?\s)|(?<=[。！？])|(?<=\n)")]
    private static partial Regex SentenceEnd();
}
