using System.Text;
using TransferLab.Reporting.Sections;

namespace TransferLab.Reporting.Plots;

/// <summary>A confusion matrix of many classes as a picture: one square a cell, shaded by the share of its true class.</summary>
internal static class ConfusionImage
{
    private const int Shades = 8;

    /// <summary>Draws it; cells of one shade are one path, which keeps a page with many matrices small.</summary>
    public static string Draw(ConfusionCounts counts, string title, string description)
    {
        int n = counts.Classes;
        StringBuilder[] paths = [.. Enumerable.Range(0, Shades).Select(_ => new StringBuilder())];
        for (int label = 0; label < n; label++)
        {
            for (int predicted = 0; predicted < n; predicted++)
            {
                if (counts[label, predicted] > 0)
                {
                    // The square root lifts rare mistakes out of the background.
                    int shade = Math.Clamp((int)Math.Ceiling(Math.Sqrt(counts.Share(label, predicted)) * Shades) - 1, 0, Shades - 1);
                    paths[shade].Append('M').Append(predicted).Append(' ').Append(label).Append("h1v1h-1z");
                }
            }
        }

        Canvas canvas = new(n, n, title, description);
        canvas.Path($"M0 0h{n}v{n}h-{n}z", "cells-frame");
        for (int shade = 0; shade < Shades; shade++)
        {
            if (paths[shade].Length > 0)
            {
                canvas.Path(paths[shade].ToString(), $"shade{shade + 1}");
            }
        }

        return canvas.Finish();
    }
}
