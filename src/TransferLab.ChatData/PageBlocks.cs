using System.Runtime.CompilerServices;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace TransferLab.ChatData;

/// <summary>A page as a list of headings and texts, without menus, scripts, forms and footers.</summary>
internal sealed class PageBlocks
{
    // Below the headings h1 to h6 of a page: summaries, terms of lists, bold lines that ask.
    private const int Small = 7;

    private static readonly HashSet<string> s_dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "nav", "footer", "aside", "noscript", "template", "svg", "iframe", "form", "button", "input", "select", "textarea", "object",
        "canvas", "audio", "video", "head", "dialog", "menu",
    };

    private static readonly HashSet<string> s_roles = new(StringComparer.OrdinalIgnoreCase)
    {
        "navigation", "banner", "contentinfo", "search", "menu", "menubar", "complementary", "dialog", "alert",
    };

    // Names by which the parts around a page's text go; whole words of an id or a class.
    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "menu", "nav", "navbar", "navigation", "breadcrumb", "breadcrumbs", "sidebar", "footer", "cookie", "cookies", "share", "social", "pagination",
        "skip-link", "toc", "advert", "ads",
    };

    private static readonly HashSet<string> s_blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "div", "section", "article", "main", "header", "body", "html", "blockquote", "ul", "ol", "dl", "dd", "details", "figure", "figcaption", "address",
        "center", "hgroup", "fieldset",
    };

    private readonly List<PageBlock> _blocks = [];
    private readonly StringBuilder _line = new();
    private string _marker = ""; // Of a list's item, until its first text.

    /// <summary>Elements that were dropped with everything in them.</summary>
    public int Dropped { get; private set; }

    /// <exception cref="InsufficientExecutionStackException">Elements are nested too deeply.</exception>
    public IReadOnlyList<PageBlock> Of(IDocument page)
    {
        IElement[] mains = [.. page.QuerySelectorAll("main")];
        INode root = mains.Length == 1 && !string.IsNullOrWhiteSpace(mains[0].TextContent) ? mains[0] : (INode?)page.Body ?? page;
        Children(root, inMain: mains.Length == 1);
        EndLine();
        return _blocks;
    }

    private void Children(INode node, bool inMain)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (INode child in node.ChildNodes)
        {
            if (child is IText text)
            {
                _line.Append(text.Data);
            }
            else if (child is IElement element)
            {
                if (IsDropped(element, inMain))
                {
                    Dropped++;
                }
                else
                {
                    Element(element, inMain);
                }
            }
        }
    }

    private static bool IsDropped(IElement element, bool inMain) =>
        s_dropped.Contains(element.LocalName) || element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
        || (element.LocalName == "header" && !inMain && element.ParentElement is IHtmlBodyElement)
        || (element.GetAttribute("role") is { } role && s_roles.Contains(role.Trim()))
        || (element.LocalName is not ("body" or "main" or "article" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "dt" or "summary")
            && ((element.Id is { } id && s_names.Contains(id)) || element.ClassList.Any(s_names.Contains)));

    private void Element(IElement element, bool inMain)
    {
        switch (element.LocalName)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                Heading(element, element.LocalName[1] - '0');
                break;
            case "summary" or "dt":
                Heading(element, Small);
                break;
            case "br":
                _line.Append('\u2028');
                break;
            case "table":
                EndLine();
                Add(PageTable.Text(element));
                break;
            case "pre":
                EndLine();
                Add($"```\n{TextOf(element, isLaidOut: true).Trim('\n', '\r')}\n```");
                break;
            case "li":
                EndLine();
                _marker = element.ParentElement is IHtmlOrderedListElement list ? $"{Number(list, element)}. " : "- ";
                Children(element, inMain);
                EndLine();
                _marker = "";
                break;
            case "p" when Asks(element):
                Heading(element, Small);
                break;
            default:
                bool isBlock = s_blocks.Contains(element.LocalName);
                if (isBlock)
                {
                    EndLine();
                }

                Children(element, inMain);
                if (isBlock)
                {
                    EndLine();
                }

                if (element.LocalName is "details" or "dl")
                {
                    _blocks.Add(new(Small, "")); // What follows answers no longer.
                }

                break;
        }
    }

    private static int Number(IHtmlOrderedListElement list, IElement item) =>
        list.Start + Array.IndexOf([.. list.Children.Where(child => child.LocalName == "li")], item);

    /// <summary>A paragraph that is one bold question: what many pages have for a heading.</summary>
    private static bool Asks(IElement paragraph) =>
        paragraph.Children.Length == 1 && paragraph.Children[0] is { LocalName: "strong" or "b" } bold && bold.TextContent.Trim() is { Length: > 0 } text
        && text == paragraph.TextContent.Trim() && HtmlQuestions.IsQuestion(text) && text.EndsWith('?');

    private void Heading(IElement element, int level)
    {
        EndLine();
        string text = Flat(TextOf(element)).TrimEnd('\u00B6').TrimEnd(); // The sign by which programs link to a heading, and the other one.
        text = text.EndsWith(" #", StringComparison.Ordinal) ? text[..^2].TrimEnd() : text;
        if (text.Length > 0)
        {
            _blocks.Add(new(level, text));
        }
    }

    private void EndLine()
    {
        string text = string.Join('\n', _line.ToString().Split('\u2028').Select(Flat).Where(line => line.Length > 0));
        _line.Clear();
        if (text.Length > 0)
        {
            Add(_marker + text);
            _marker = "";
        }
    }

    private void Add(string text)
    {
        if (text.Length > 0)
        {
            _blocks.Add(new(0, text));
        }
    }

    internal static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The text of an element without what is dropped: a blank (or a new line, where it is laid out) for every break, blanks around what stands
    /// apart.</summary>
    internal static string TextOf(INode node, bool isLaidOut = false)
    {
        StringBuilder text = new();
        Walk(node);
        return text.ToString();

        void Walk(INode parent)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            foreach (INode child in parent.ChildNodes)
            {
                if (child is IText words)
                {
                    text.Append(words.Data);
                }
                else if (child is IElement { LocalName: "br" })
                {
                    text.Append(isLaidOut ? '\n' : ' ');
                }
                else if (child is IElement element && !IsDropped(element, inMain: true))
                {
                    bool isApart = !isLaidOut && (s_blocks.Contains(element.LocalName) || element.LocalName is "li" or "dt" or "tr" or "td" or "th" or "table");
                    text.Append(isApart ? " " : "");
                    Walk(element);
                    text.Append(isApart ? " " : "");
                }
            }
        }
    }
}
