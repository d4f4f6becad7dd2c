namespace TransferLab.Networks.Weights;

/// <summary>A weights file cannot be used, or does not fit the network. The message names the file, the tensor and what is wrong, in one line.</summary>
public sealed class WeightsException(string message, Exception? inner = null) : Exception(OneLine(message), inner)
{
    // Names come from the file: they must not break the line, or steer the terminal that shows it.
    private static string OneLine(string text) =>
        string.Create(text.Length, text, (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')
                    ? '?'
                    : source[i];
            }
        });
}
