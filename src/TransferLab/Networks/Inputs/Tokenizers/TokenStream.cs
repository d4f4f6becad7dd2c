namespace TransferLab.Networks;

/// <summary>
/// The text of tokens that come one by one, as a model writes them. A character that several tokens make appears with the last of them; what was
/// given out is never taken back. For one text, and one thread.
/// </summary>
public sealed class TokenStream
{
    private const char Unfinished = '\ufffd';

    // A tokenizer drops the space before a first word, so that a few tokens before the new ones have to be read along.
    private readonly List<long> _ids = [];
    private readonly TextTokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private int _from, _given;

    /// <summary>A stream.</summary>
    /// <param name="tokenizer">Whose ids come.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public TokenStream(TextTokenizer tokenizer, bool skipSpecialTokens = true) => (_tokenizer, _skipSpecialTokens) = (tokenizer, skipSpecialTokens);

    /// <summary>Takes an id; gives the text that is complete with it, which may be none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not of this vocabulary.</exception>
    public string Add(long id)
    {
        _ids.Add(id);
        string before = Text(_from, _given), now = Text(_from, _ids.Count);
        if (now.Length <= before.Length || now[^1] == Unfinished)
        {
            return "";
        }

        (_from, _given) = (_given, _ids.Count);
        return now[before.Length..];
    }

    /// <summary>What is left when no more comes: bytes that make no character, as U+FFFD.</summary>
    public string End()
    {
        string left = Text(_from, _ids.Count)[Text(_from, _given).Length..];
        (_from, _given) = (_ids.Count, _ids.Count);
        return left;
    }

    private string Text(int from, int to) => _tokenizer.Decode(_ids[from..to], _skipSpecialTokens);
}
