using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace TransferLab.Reporting.Html;

/// <summary>Writes HTML and inline SVG. The only place where text becomes markup, so nothing reaches the page unencoded.</summary>
internal sealed class MarkupWriter
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _markup = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; <see cref="Close"/> ends it.</summary>
    public MarkupWriter Open(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        StartTag(tag, attributes);
        _open.Push(tag);
        return this;
    }

    /// <summary>Ends the element that was opened last.</summary>
    public MarkupWriter Close()
    {
        _markup.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>An element that has no content: <c>img</c>, <c>path</c>, <c>br</c>.</summary>
    public MarkupWriter Empty(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        StartTag(tag, attributes, tag is "img" or "br" or "meta" or "link" ? ">" : "/>");
        return this;
    }

    /// <summary>An element with text and nothing else.</summary>
    public MarkupWriter Element(string tag, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        StartTag(tag, attributes);
        Text(text);
        _markup.Append("</").Append(tag).Append('>');
        return this;
    }

    /// <summary>Text, encoded.</summary>
    public MarkupWriter Text(string text)
    {
        _markup.Append(s_encoder.Encode(text));
        return this;
    }

    /// <summary>A line break between blocks, for people who read the source.</summary>
    public MarkupWriter Line()
    {
        _markup.Append('\n');
        return this;
    }

    /// <summary>Markup of the library's own; never anything that came with the results.</summary>
    public MarkupWriter Own(string markup)
    {
        _markup.Append(markup);
        return this;
    }

    /// <summary>A coordinate with one decimal.</summary>
    public static string Px(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => _open.Count == 0
        ? _markup.ToString()
        : throw new InvalidOperationException($"<{_open.Peek()}> is still open.");

    private void StartTag(string tag, ReadOnlySpan<(string Name, string Value)> attributes, string end = ">")
    {
        _markup.Append('<').Append(tag);
        foreach ((string name, string value) in attributes)
        {
            _markup.Append(' ').Append(name).Append("=\"").Append(s_encoder.Encode(value)).Append('"');
        }

        _markup.Append(end);
    }
}
