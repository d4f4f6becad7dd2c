using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace TransferLab.Cli;

/// <summary>What an exception says to a person: one line, without what .NET adds for programmers.</summary>
internal static partial class ErrorLine
{
    /// <summary>The variable that adds where in the program an unexpected failure was.</summary>
    public const string TraceVariable = "TRANSFERLAB_TRACE";

    /// <summary>The exception that tells the cause: that of a parallel loop, of a constructor or of a static field wraps it.</summary>
    public static Exception Cause(Exception e) => e switch
    {
        AggregateException { InnerExceptions: [{ } first, ..] } => Cause(first),
        TargetInvocationException { InnerException: { } inner } => Cause(inner),
        TypeInitializationException { InnerException: { } inner } => Cause(inner),
        _ => e,
    };

    /// <summary>An exception's message on one line.</summary>
    public static string Of(Exception e) => Of(e.Message);

    /// <summary>A message on one line: lists that had a line an item are separated by semicolons.</summary>
    public static string Of(string message)
    {
        string plain = Parameter().Replace(ActualValue().Replace(message, ""), "");
        string[] lines = [.. plain.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return string.Concat(lines.SelectMany((line, i) => i == lines.Length - 1 ? line : line[^1] is ':' or ';' or '.' or ',' ? line + " " : line + "; ")
            .Select(Shown));
    }

    /// <summary>A text without what steers a terminal: what a file holds gives no orders.</summary>
    public static string Plain(string text) => string.Concat(text.Select(Shown));

    private static char Shown(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '\uFFFD' : c;

    /// <summary>What a failure says that nobody foresaw.</summary>
    public static string OfUnexpected(Exception e)
    {
        string line = $"unexpected {e.GetType().Name}: {Of(e).TrimEnd('.')}. This is a fault of transferlab; please report it with the command";
        return Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 }
            ? $"{line}.{Environment.NewLine}{e}"
            : $"{line} and with what {TraceVariable}=1 adds.";
    }

    [GeneratedRegex(@"\s*\r?\n\s*Actual value was [^\n]*\.?")]
    private static partial Regex ActualValue();

    [GeneratedRegex(@" \(Parameter '[^']*'\)")]
    private static partial Regex Parameter();
}
