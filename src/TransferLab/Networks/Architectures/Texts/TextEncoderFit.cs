using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>Whether the texts of a model file fit its network.</summary>
internal static class TextEncoderFit
{
    /// <summary>Refuses texts that are longer than the network has positions for, and vocabularies larger than its table of words.</summary>
    /// <exception cref="WeightsException">One line: they do not fit.</exception>
    public static void Check(string file, string description, InputEncoder encoder, int longest, int vocabulary)
    {
        if (encoder is TextEncoder texts && (texts.MaxTokens > longest || texts.Pieces > vocabulary))
        {
            throw new WeightsException(
                $"{file}: texts of {texts.MaxTokens} tokens and a vocabulary of {texts.Pieces} pieces do not fit the architecture '{description}'; the file is "
                    + $"damaged.");
        }
    }
}
