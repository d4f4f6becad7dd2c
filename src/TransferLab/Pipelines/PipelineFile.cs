using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;

namespace TransferLab.Pipelines;

/// <summary>
/// Trained networks as ML.NET's own .zip, with a column <c>Text</c> or <c>ImagePath</c>: <c>ml.Model.Load</c> reads it in any program that has ML.NET's packages and, for texts,
/// TransferLab.Inference. libtorch is not needed.
/// </summary>
public static class PipelineFile
{
    /// <summary>
    /// The backbone, reading image files with the very pixels that a saved pipeline sees, ML.NET's: what is trained on it predicts from its .zip as it did in training. A backbone of texts is
    /// given back as it is, for their tokens are the same everywhere.
    /// </summary>
    public static Backbone WithPipelinePixels(this Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.Encoder is ImageEncoder images ? backbone with { Encoder = images with { Pixels = new MLNetPixels(images.Size) } } : backbone;
    }

    /// <summary>Writes a model that has an ONNX form (<see cref="TrainedModel.CanExport"/>), whole or not at all.</summary>
    /// <param name="model">
    /// The model, which stays the caller's. One of images that was not trained on <see cref="WithPipelinePixels"/> sees slightly other pixels from its .zip: <c>ResizeImages</c> does not smooth
    /// when it shrinks, and knows no EXIF orientation. Measure it before use.
    /// </param>
    /// <param name="path">Where to.</param>
    /// <exception cref="NotSupportedException">The model has no ONNX form.</exception>
    public static void Write(TrainedModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        InputEncoder encoder = model is { CanExport: true, Encoder: { } known } ? known : throw new NotSupportedException("Only networks that can be written as ONNX become ML.NET models of this kind.");
        MLContext ml = new(seed: 0);
        DataViewSchema schema = PipelineModel.Rows(ml, model.Kind, [], model.Classes).Schema;
        TransferOptions names = model.Kind == "image" ? new ImageTransferOptions() : new TextTransferOptions();
        using TransformerChain<ITransformer> pipeline = PipelineSteps.Classifier(ml, schema, encoder, PipelineGraph.ForLabels(model), LabelNames.Of(model.Classes), names);
        WholeFile.Write(path, stream => ml.Model.Save(pipeline, schema, stream));
    }
}
