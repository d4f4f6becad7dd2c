using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Data;
using TransferLab.Strategies;

namespace TransferLab.Tests.Pipelines;

/// <summary>The small tasks as data views, and strategies short enough for tests.</summary>
internal static class PipelineData
{
    public static TransferStrategy Short(string name, int epochs = 2)
    {
        TransferStrategy strategy = (TransferStrategy)StrategyCatalog.Find(name);
        return strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = epochs })] };
    }

    public static IDataView Images(MLContext ml, IReadOnlyList<Example> examples, IReadOnlyList<string> classes) =>
        ml.Data.LoadFromEnumerable(examples.Select(example => new ImageRow { ImagePath = example.Source, Label = classes[example.Label] }).ToList());

    public static IDataView Texts(MLContext ml, IReadOnlyList<Example> examples, IReadOnlyList<string> classes) =>
        ml.Data.LoadFromEnumerable(examples.Select(example => new TextRow { Text = example.Source, Label = classes[example.Label] }).ToList());

    /// <summary>The shape of data, as pipelines pass it on; ML.NET makes it only for itself.</summary>
    public static SchemaShape Shape(IDataView data) =>
        (SchemaShape)typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [data.Schema])!;

    /// <summary>The scores of a view that a model has transformed.</summary>
    public static float[][] Scores(IDataView predicted) => [.. predicted.GetColumn<float[]>("Score")];

    public static string[] SlotNames(DataViewSchema schema, string column = "Score")
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema[column].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    public static string[] KeyValues(DataViewSchema schema, string column = "PredictedLabel")
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema[column].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>The largest difference of two tables of scores.</summary>
    public static float Difference(IEnumerable<float[]> first, IEnumerable<float[]> second) =>
        first.Zip(second).Max(rows => rows.First.Zip(rows.Second).Max(pair => Math.Abs(pair.First - pair.Second)));

    public sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    public sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    public sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
