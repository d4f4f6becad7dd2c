using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Prediction;

namespace TransferLab.Models;

/// <summary>Gives exported models of texts the tokenizer that their file holds, where it needs the tokenizers' native part.</summary>
public static class OnnxTokenizer
{
    /// <summary>Sets <see cref="OnnxModel.Tokenizer"/> where the model needs one, and hands the model back.</summary>
    /// <exception cref="DataException">The tokenizer in the file is damaged, or the native part is not there; the message names the package that brings
    /// it.</exception>
    public static OnnxModel Provide(OnnxModel model)
    {
        if (model.TokenizerJson is not null && model.Tokenizer is null)
        {
            try
            {
                var encoder = TextEncoder.From(model.Metadata, "the exported model");
                model.Tokenizer = text => encoder.Tokens(text, encoder.MaxTokens);
            }
            catch (WeightsException e)
            {
                throw new DataException(e.Message, e);
            }
        }

        return model;
    }
}
