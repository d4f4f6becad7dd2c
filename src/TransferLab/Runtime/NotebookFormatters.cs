using System.Reflection;

namespace TransferLab.Runtime;

/// <summary>
/// The HTML and the plain text of a value in a notebook. How a value looks is the business of TransferLab.Reporting, which lies to the right of this room: it
/// is called where the notebook has it, and the kernel's own plain form stands where it has not.
/// </summary>
internal sealed class NotebookFormatters
{
    private static readonly Lazy<Type?> s_forms = new(() => Type.GetType("TransferLab.Reporting.DisplayForms, TransferLab.Reporting"));

    /// <summary>Called by the kernel, by name.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new NotebookFormatter("text/html", "Html"), new NotebookFormatter("text/plain", "Text")];

    /// <summary>One form of a value; the kernel calls its members by name.</summary>
    internal sealed class NotebookFormatter(string mimeType, string method)
    {
        private readonly Lazy<MethodInfo?> _form = new(() => s_forms.Value?.GetMethod(method, [typeof(object)]));

        /// <summary>The form.</summary>
        public string MimeType => mimeType;

        /// <summary>Writes the value; false where nothing here knows how.</summary>
        public bool Format(object value, TextWriter writer)
        {
            if (_form.Value?.Invoke(null, [value]) is not string form)
            {
                return false;
            }

            writer.Write(form);
            return true;
        }
    }
}
