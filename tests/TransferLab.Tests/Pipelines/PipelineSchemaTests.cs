using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Networks;
using TransferLab.Pipelines;
using TransferLab.Strategies;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Pipelines;

/// <summary>What cannot be trained is refused by the schema, before anything runs.</summary>
public sealed class PipelineSchemaTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly IDataView s_rows = s_ml.Data.LoadFromEnumerable(new List<Row> { new() });

    [Fact]
    public void The_schema_promises_what_training_delivers()
    {
        SchemaShape shape = Shape(s_ml.MulticlassClassification.Trainers.TextTransfer(SmallText.Create(), TransferStrategy.Frozen()), "Label");
        SchemaShape.Column label = shape.Single(column => column.Name == "PredictedLabel"), score = shape.Single(column => column.Name == "Score");
        Assert.True(label.IsKey && label.Annotations.Any(item => item.Name == "KeyValues"));
        Assert.True(score.Kind == SchemaShape.Column.VectorKind.Vector && score.Annotations.Any(item => item.Name == "SlotNames"));
        Assert.Equal(["ImagePath", "Label", "Number", "PredictedLabel", "Score", "Text"], shape.Select(column => column.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_named()
    {
        Assert.Contains("'Txt'", Refused(new TextTransferOptions { Backbone = SmallText.Create(), TextColumnName = "Txt" }, "Label"), StringComparison.Ordinal);
        Assert.Contains("'Number'", Refused(new TextTransferOptions { Backbone = SmallText.Create(), TextColumnName = "Number" }, "Label"),
            StringComparison.Ordinal);
        Assert.Contains("'Number'", Refused(new ImageTransferOptions { Backbone = SmallBackbone.CreateNamed(), ImageColumnName = "Number" }, "Label"),
            StringComparison.Ordinal);
        Assert.Contains("MapValueToKey(\"Label\")", Refused(new TextTransferOptions { Backbone = SmallText.Create() }, key: null), StringComparison.Ordinal);
        Assert.Contains("'Intent'", Refused(new TextTransferOptions { Backbone = SmallText.Create(), LabelColumnName = "Intent" }, "Label"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Backbones_that_do_not_fit_are_refused()
    {
        Assert.Contains("reads texts, not images", Refused(new ImageTransferOptions { Backbone = SmallText.Create() }, "Label"), StringComparison.Ordinal);
        Assert.Contains("ONNX", Refused(new ImageTransferOptions { Backbone = SmallBackbone.Create() }, "Label"), StringComparison.Ordinal);
        Backbone longTexts = SmallText.Create() with
        {
            Encoder = new TextEncoder(((TextEncoder)SmallText.Create().Encoder).WordPieces!.Vocabulary, maxTokens: 600),
        };
        Assert.Contains("512", Refused(new TextTransferOptions { Backbone = longTexts }, "Label"), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => s_ml.Transforms.ImageFeatures(SmallText.Create()));
    }

    [Fact]
    public void Options_without_a_name_are_refused() =>
        Assert.Contains("ScoreColumnName", Assert.Throws<ArgumentException>(() => new TextTransferOptions { ScoreColumnName = " " }).Message,
            StringComparison.Ordinal);

    private static string Refused(TransferOptions options, string? key)
    {
        TransferEstimator trainer = options is ImageTransferOptions images
            ? s_ml.MulticlassClassification.Trainers.ImageTransfer(images)
            : s_ml.MulticlassClassification.Trainers.TextTransfer((TextTransferOptions)options);
        return Assert.ThrowsAny<ArgumentException>(() => Shape(trainer, key)).Message;
    }

    private static SchemaShape Shape(TransferEstimator trainer, string? key)
    {
        SchemaShape shape = PipelineData.Shape(s_rows);
        return trainer.GetOutputSchema(key is null ? shape : s_ml.Transforms.Conversion.MapValueToKey(key).GetOutputSchema(shape));
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public float Number { get; set; }
    }
}
