#if VISION
using Microsoft.ML;
using Microsoft.ML.Vision;

namespace TransferLab.MLNetBaselines;

/// <summary>ML.NET's ImageClassification, which trains a softmax on the cached features of a frozen network: the frozen way alone.</summary>
internal static class ImageBaseline
{
    public static IReadOnlyList<Baseline> All { get; } =
    [
        new("mlnet-vision", "ML.NET's ImageClassification: a softmax on frozen features of ResNet-50 v2", context =>
            context.Transforms.LoadRawImageBytes("Image", imageFolder: null, nameof(BaselineRow.Source))
                .Append(context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
                {
                    FeatureColumnName = "Image",
                    LabelColumnName = nameof(BaselineRow.Label),
                    Arch = ImageClassificationTrainer.Architecture.ResnetV250,
                }))),
    ];
}
#endif
