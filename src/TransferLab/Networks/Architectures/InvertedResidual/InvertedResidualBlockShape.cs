using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// One inverted residual: channels are expanded by 1x1, each convolved on its own, weighted by what all of them hold (squeeze-and-excitation), and projected by
/// 1x1.
/// </summary>
/// <param name="Kernel">Of the convolution of each channel.</param>
/// <param name="Stride">Of the same.</param>
/// <param name="Expanded">Channels between; 0 where the input's are used as they are.</param>
/// <param name="Outputs">Channels of the output.</param>
/// <param name="Squeezed">Channels that squeeze-and-excitation goes through; 0 for none.</param>
/// <param name="Activation">After the expansion and the convolution.</param>
/// <param name="IsResidual">Whether the input is added.</param>
internal sealed partial record InvertedResidualBlockShape(int Kernel, int Stride, int Expanded, int Outputs, int Squeezed, Activation Activation,
    bool IsResidual)
{
    private const int MostChannels = 1 << 14;

    /// <summary>As <c>k5 s2 e240 c40 q64 HardSwish r</c>, without what is 0 or none.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture,
            $"k{Kernel} s{Stride}{(Expanded > 0 ? $" e{Expanded}" : "")} c{Outputs}{(Squeezed > 0 ? $" q{Squeezed}" : "")} "
                + $"{Activation}{(IsResidual ? " r" : "")}");
        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToString"/> writes; null where it makes no sense.</summary>
    public static InvertedResidualBlockShape? Parse(string text)
    {
        Match match = Pattern().Match(text);
        if (!match.Success || !Enum.TryParse(match.Groups["activation"].Value, out Activation activation) || !Enum.IsDefined(activation))
        {
            return null;
        }

        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
        InvertedResidualBlockShape shape = new(Number("kernel"), Number("stride"), Number("expanded"), Number("outputs"), Number("squeezed"), activation,
            match.Groups["residual"].Success);
        return shape.Expanded <= MostChannels && shape.Outputs <= MostChannels && shape.Squeezed <= MostChannels ? shape : null;
    }

    [GeneratedRegex(
        @"^k(?<kernel>[13579]) s(?<stride>[12])( e(?<expanded>[1-9][0-9]{0,4}))? c(?<outputs>[1-9][0-9]{0,4})( q(?<squeezed>[1-9][0-9]{0,4}))? (?<activation>[A-Za-z0-9]+)(?<residual> r)?$")]
    private static partial Regex Pattern();
}
