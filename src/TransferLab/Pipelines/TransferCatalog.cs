using Microsoft.ML;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Pipelines;

/// <summary>The pipelines of this library where ML.NET has its own: on the catalogs of an <see cref="MLContext"/>.</summary>
public static class TransferCatalog
{
    /// <summary>A trainer for images on a pretrained network.</summary>
    /// <param name="catalog">The trainers of <c>ml.MulticlassClassification</c>.</param>
    /// <param name="options">Network, strategy, columns and more; null for the defaults: a frozen ImageNet network, the columns ImagePath and Label.</param>
    /// <exception cref="ArgumentException">The strategy leaves a model that ML.NET cannot save.</exception>
    /// <example><code>
    /// var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(ml.MulticlassClassification.Trainers.ImageTransfer(new() { Strategy = TransferStrategy.Full() }));
    /// </code></example>
    public static TransferEstimator ImageTransfer(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, ImageTransferOptions? options =
        null) =>
        new(options ?? new(), new CallerContext(catalog));

    /// <summary>A trainer for images on a pretrained network.</summary>
    /// <param name="catalog">The trainers of <c>ml.MulticlassClassification</c>.</param>
    /// <param name="backbone">The network.</param>
    /// <param name="strategy">How it is adapted.</param>
    /// <param name="labelColumnName">A key with names.</param>
    /// <param name="imageColumnName">Image paths as text, or images.</param>
    public static TransferEstimator ImageTransfer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Backbone backbone, Strategy strategy,
        string labelColumnName = "Label", string imageColumnName = "ImagePath") =>
        catalog.ImageTransfer(
            new ImageTransferOptions { Backbone = backbone, Strategy = strategy, LabelColumnName = labelColumnName, ImageColumnName = imageColumnName });

    /// <summary>A trainer for texts on a pretrained network.</summary>
    /// <param name="catalog">The trainers of <c>ml.MulticlassClassification</c>.</param>
    /// <param name="options">Network, strategy, columns and more; null for the defaults: a frozen English sentence encoder, the columns Text and Label.</param>
    public static TransferEstimator TextTransfer(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, TextTransferOptions? options =
        null) =>
        new(options ?? new(), new CallerContext(catalog));

    /// <summary>A trainer for texts on a pretrained network.</summary>
    /// <param name="catalog">The trainers of <c>ml.MulticlassClassification</c>.</param>
    /// <param name="backbone">The network.</param>
    /// <param name="strategy">How it is adapted.</param>
    /// <param name="labelColumnName">A key with names.</param>
    /// <param name="textColumnName">Texts.</param>
    public static TransferEstimator TextTransfer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Backbone backbone, Strategy strategy,
        string labelColumnName = "Label", string textColumnName = "Text") =>
        catalog.TextTransfer(
            new TextTransferOptions { Backbone = backbone, Strategy = strategy, LabelColumnName = labelColumnName, TextColumnName = textColumnName });

    /// <summary>The features of a pretrained network, for any trainer, clustering or anomaly detection to follow.</summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="backbone">The network; its size of images is used.</param>
    /// <param name="outputColumnName">Receives a vector of as many numbers as the network has features.</param>
    /// <param name="inputColumnName">Image paths as text, or images.</param>
    /// <exception cref="ArgumentException">The backbone reads texts, or cannot be written as ONNX.</exception>
    public static FeatureEstimator ImageFeatures(this TransformsCatalog catalog, Backbone backbone, string outputColumnName = "Features",
        string inputColumnName = "ImagePath") =>
        new(backbone, "image", outputColumnName, inputColumnName);

    /// <summary>The features of a pretrained network, for any trainer, clustering or anomaly detection to follow.</summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="backbone">The network.</param>
    /// <param name="outputColumnName">Receives a vector of as many numbers as the network has features.</param>
    /// <param name="inputColumnName">Texts.</param>
    /// <exception cref="ArgumentException">The backbone reads images, or cannot be written as ONNX.</exception>
    public static FeatureEstimator TextFeatures(this TransformsCatalog catalog, Backbone backbone, string outputColumnName = "Features",
        string inputColumnName = "Text") =>
        new(backbone, "text", outputColumnName, inputColumnName);

    /// <summary>Lists a folder whose sub-folders are the classes. No image is opened.</summary>
    /// <param name="catalog">The data operations of an <see cref="MLContext"/>.</param>
    /// <param name="folder">Images at any depth below <c>FOLDER/&lt;class&gt;</c>.</param>
    /// <returns>Rows with the text columns <c>ImagePath</c> and <c>Label</c>, by class and then by path.</returns>
    /// <exception cref="Data.DataException">There is no such folder, it has no class with images, or it holds a training and a test folder instead of
    /// classes.</exception>
    public static IDataView LoadImageFolder(this DataOperationsCatalog catalog, string folder) => catalog.LoadFromEnumerable(ImageFolderRow.List(folder));
}
