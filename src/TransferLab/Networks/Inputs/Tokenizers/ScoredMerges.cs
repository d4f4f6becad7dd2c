namespace TransferLab.Networks;

/// <summary>
/// The merges that a SentencePiece vocabulary of byte pairs stands for: every way to put a piece together from two others, the pieces of higher
/// score first. Of one piece the ways come by the length of the left part, longest first, as Hugging Face's converter has them.
/// </summary>
internal static class ScoredMerges
{
    public static IEnumerable<(string Left, string Right)> Of(IReadOnlyList<SentencePiece> pieces, IReadOnlyDictionary<string, int> vocabulary)
    {
        List<(float Score, string Left, string Right)> merges = [];
        foreach (SentencePiece piece in pieces.Where(IsText))
        {
            for (int cut = 1; cut < piece.Text.Length; cut++)
            {
                string left = piece.Text[..cut], right = piece.Text[cut..];
                if (!char.IsLowSurrogate(right[0]) && vocabulary.TryGetValue(left, out int first) && vocabulary.TryGetValue(right, out int second)
                    && IsText(pieces[first]) && IsText(pieces[second]))
                {
                    merges.Add((piece.Score, left, right));
                }
            }
        }

        return merges.OrderByDescending(merge => merge.Score).ThenByDescending(merge => merge.Left.Length).Select(merge => (merge.Left, merge.Right));
    }

    private static bool IsText(SentencePiece piece) => piece.Kind is SentencePieceKind.Normal or SentencePieceKind.Undefined;
}
