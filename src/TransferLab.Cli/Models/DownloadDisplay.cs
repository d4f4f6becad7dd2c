using System.Globalization;
using TransferLab.Hub;

namespace TransferLab.Cli;

/// <summary>What a person sees of a download, beside the command's own output: one line that changes in a terminal, a line every tenth elsewhere.</summary>
internal sealed class DownloadDisplay : IProgress<HubProgress>
{
    private const double MB = 1e6;
    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly string _what;
    private int _tenths = -1;
    private bool _isOpen;

    private DownloadDisplay(string what) => _what = what;

    /// <summary>Runs a download and follows it.</summary>
    public static HubModel Follow(HubReference model, Func<IProgress<HubProgress>, HubModel> download)
    {
        DownloadDisplay display = new(model.ToString());
        try
        {
            return download(display);
        }
        finally
        {
            display.Close();
        }
    }

    /// <inheritdoc/>
    public void Report(HubProgress value)
    {
        if (value.Note is { } note)
        {
            Close();
            Console.Error.WriteLine($"fetching  {note}");
            return;
        }

        int tenths = value.Total == 0 ? 0 : (int)(10 * value.Bytes / value.Total);
        string line = string.Create(CultureInfo.InvariantCulture, $"fetching  {_what}: {value.Bytes / MB:N1} of {value.Total / MB:N1} MB");
        if (_live)
        {
            Console.Error.Write($"\r{line} ");
            _isOpen = true;
        }
        else if (tenths > _tenths)
        {
            Console.Error.WriteLine(line);
        }

        _tenths = Math.Max(tenths, _tenths);
    }

    private void Close()
    {
        if (_isOpen)
        {
            Console.Error.WriteLine();
            _isOpen = false;
        }
    }
}
