using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Inference;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;

namespace TransferLab.Pipelines;

/// <summary>
/// Trained networks as ML.NET's own .zip, with a column <c>Text</c> or <c>ImagePath</c>: <c>ml.Model.Load</c> reads it in any program that has ML.NET's
/// packages and, for texts, TransferLab.Inference where they are split into word pieces in lower case, otherwise TransferLab with the tokenizers' native part.
/// libtorch is not needed.
/// </summary>
public static class PipelineFile
{
    /// <summary>
    /// The backbone, reading image files with the very pixels that a saved pipeline sees, ML.NET's: what is trained on it predicts from its .zip as it did in
    /// training. A backbone of texts is given back as it is, for their tokens are the same everywhere.
    /// </summary>
    public static Backbone WithPipelinePixels(this Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.Encoder is ImageEncoder images ? backbone with { Encoder = images.Through(new MLNetPixels(images.Size)) } : backbone;
    }

    /// <summary>Whether <see cref="Write"/> can write a model.</summary>
    public static bool CanHold(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PipelineSteps.CanHold(model);
    }

    /// <summary>Writes a model whose network can be written as ONNX, with a head of its own or of ML.NET's, whole or not at all.</summary>
    /// <param name="model">
    /// The model, which stays the caller's. One of images that was not trained on <see cref="WithPipelinePixels"/> prepares image files itself, behind ML.NET's
    /// steps: pictures are smoothed where they shrink, turned by their EXIF orientation and laid on white, as in training. Single pixels differ by a few levels
    /// nevertheless: measure it before use.
    /// </param>
    /// <param name="path">Where to.</param>
    /// <exception cref="NotSupportedException">It is no such model, as that of <c>classical</c> on images, or it reads longer texts than
    /// <see cref="TextTokens.Width"/> tokens.</exception>
    public static void Write(TrainedModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!CanHold(model))
        {
            throw new NotSupportedException(model.Encoder is TextEncoder { MaxTokens: > TextTokens.Width } texts
                ? $"This network reads texts of up to {texts.MaxTokens} tokens, and an ML.NET model of up to {TextTokens.Width}; train it with fewer."
                : "Only networks that can be written as ONNX, with a head of their own or of ML.NET's, become ML.NET models; this one has a file of its own "
                    + "kind.");
        }

        if (model is PipelineModel)
        {
            model.Save(path);
            return;
        }

        MLContext ml = new(seed: 0);
        DataViewSchema schema = PipelineModel.Rows(ml, model.Kind, [], model.Classes).Schema;
        TransferOptions names = model.Kind == InputKind.Image ? new ImageTransferOptions() : new TextTransferOptions();
        bool ownPixels = model.Encoder is ImageEncoder { Pixels: not MLNetPixels };
        using TransformerChain<ITransformer> pipeline = PipelineSteps.Classifier(ml, schema, model, LabelNames.Of(model.Classes), names, ownPixels);
        WholeFile.Write(path, stream => ml.Model.Save(pipeline, schema, stream));
    }
}
