using System.Text;

namespace TransferLab.Networks;

/// <summary>Collects what a template writes; neighbours of one kind become one, so that text is split as a whole.</summary>
internal sealed class ChatWriter
{
    private readonly List<ChatSegment> _segments = [];
    private readonly StringBuilder _text = new();

    /// <summary>Text that is not trained.</summary>
    public ChatWriter Text(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Text that may be.</summary>
    public ChatWriter Content(string text, bool trained)
    {
        if (!trained)
        {
            return Text(text);
        }

        Flush();
        _segments.Add(new(ChatSegmentKind.Text, text, Trained: true));
        return this;
    }

    public ChatWriter Marker(string name, bool trained = false)
    {
        Flush();
        _segments.Add(new(ChatSegmentKind.Marker, name, trained));
        return this;
    }

    public ChatWriter Tag(string name)
    {
        Flush();
        _segments.Add(new(ChatSegmentKind.Tag, name));
        return this;
    }

    public IReadOnlyList<ChatSegment> Done()
    {
        Flush();
        return _segments;
    }

    private void Flush()
    {
        if (_text.Length > 0)
        {
            _segments.Add(new(ChatSegmentKind.Text, _text.ToString()));
            _text.Clear();
        }
    }
}
