using System.Text;
using TransferLab.Networks;

namespace TransferLab.Models;

/// <summary>The text of one answer as its tokens come: ends at an end token or a stop text, and gives nothing out that might become one.</summary>
internal sealed class AnswerText(TextTokenizer tokenizer, IReadOnlyList<string> stops, IReadOnlySet<long> ends, Action<string> onText)
{
    private readonly TokenStream _stream = new(tokenizer);
    private readonly StringBuilder _text = new();
    private int _given;
    private bool _stopped;

    /// <summary>Takes a token.</summary>
    /// <returns>Whether the answer goes on.</returns>
    public bool Add(long id)
    {
        if (ends.Contains(id))
        {
            _stopped = true;
            Give(_text.Length);
            return false;
        }

        _text.Append(_stream.Add(id));
        return Take();
    }

    /// <summary>The answer, when no more tokens come.</summary>
    public Completion Done(int promptTokens, IReadOnlyList<long> ids)
    {
        if (!_stopped)
        {
            _text.Append(_stream.End());
            if (Take())
            {
                Give(_text.Length);
            }
        }

        return new() { Text = _text.ToString(), Ids = ids, PromptTokens = promptTokens, End = _stopped ? CompletionEnd.Stop : CompletionEnd.Length };
    }

    /// <summary>Looks for a stop text, and gives out what can no longer be part of one.</summary>
    private bool Take()
    {
        if (stops.Count == 0)
        {
            Give(_text.Length);
            return true;
        }

        string text = _text.ToString();
        int at = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(-1).Min();
        if (at >= 0)
        {
            _text.Length = at;
            Give(at);
            _stopped = true;
            return false;
        }

        int kept = stops.Max(stop => Enumerable.Range(1, stop.Length - 1).LastOrDefault(length => text.EndsWith(stop[..length], StringComparison.Ordinal)));
        Give(text.Length - kept);
        return true;
    }

    private void Give(int until)
    {
        if (until > _given)
        {
            onText(_text.ToString(_given, until - _given));
            _given = until;
        }
    }
}
