using System.Text;

namespace TransferLab.ChatData;

/// <summary>A text with columns' names in braces: <c>{question}</c>, or <c>{title}: {body}</c>. A brace itself is written twice.</summary>
internal sealed class ColumnTemplate
{
    private readonly List<(bool IsColumn, string Text)> _parts = [];

    /// <summary>Takes a template apart.</summary>
    /// <exception cref="ArgumentException">A brace without its other half, or no column at all.</exception>
    public ColumnTemplate(string template)
    {
        StringBuilder text = new();
        for (int i = 0; i < template.Length; i++)
        {
            char c = template[i];
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '{')
            {
                int end = template.IndexOf('}', i);
                string name = end < 0 ? "" : template[(i + 1)..end].Trim();
                if (name.Length == 0)
                {
                    throw new ArgumentException($"'{template}' has a brace without a column's name after it; write {{column}}, and {{{{ for a brace.");
                }

                _parts.Add((false, text.ToString()));
                _parts.Add((true, name));
                text.Clear();
                i = end;
            }
            else
            {
                text.Append(c);
            }
        }

        _parts.Add((false, text.ToString()));
        if (!_parts.Exists(part => part.IsColumn))
        {
            throw new ArgumentException($"'{template}' names no column; write its name in braces, as {{question}}.");
        }
    }

    /// <summary>The text of a row, trimmed; empty where all of its columns are.</summary>
    public string Fill(SourceRow row, Columns columns)
    {
        StringBuilder text = new();
        bool any = false;
        foreach ((bool isColumn, string part) in _parts)
        {
            string value = isColumn ? columns.Value(row, part) : part;
            any |= isColumn && !string.IsNullOrWhiteSpace(value);
            text.Append(isColumn ? value.Trim() : value);
        }

        return any ? text.ToString().Trim() : "";
    }
}
