using System.CommandLine;
using System.Globalization;

namespace TransferLab.Cli;

/// <summary>Bounds of the numbers that a command takes.</summary>
internal static class Bounds
{
    /// <summary>Refuses what lies outside.</summary>
    /// <param name="option">An option of a number.</param>
    /// <param name="least">The smallest number that is allowed.</param>
    /// <param name="most">The largest.</param>
    public static Option<T> Within<T>(this Option<T> option, double least, double most)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } given }] && double.TryParse(given, CultureInfo.InvariantCulture, out double number)
                && !(number >= least && number <= most))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} {given}: give {least:#,0.######} to {most:#,0.######}."));
            }
        });
        return option;
    }
}
