using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Pipelines;

/// <summary>Compares strategies on two data views.</summary>
public static class TransferComparer
{
    private const int NoLabel = -1; // A missing key is an empty text, and ML.NET makes no key of one.

    /// <summary>Trains every strategy on the same rows, tests each once on the same test, and keeps the models.</summary>
    /// <param name="catalog">The catalog <c>ml.MulticlassClassification</c>.</param>
    /// <param name="train">Rows with a label and an image path, or a label and a text. Rows without a label are passed over, here and in the test.</param>
    /// <param name="test">The same columns. Rows whose label does not occur in <paramref name="train"/> are refused.</param>
    /// <param name="options">Network, strategies, seeds and more; null for the defaults: frozen against fine-tuned, one seed.</param>
    /// <returns>The caller disposes it, or leaves that to the end of the program.</returns>
    /// <exception cref="DataException">The rows cannot be used.</exception>
    public static TransferComparison CompareTransfer(this MulticlassClassificationCatalog catalog, IDataView train, IDataView test,
        TransferComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        options ??= new();
        bool isImage = options.Backbone is { } given
            ? given.Encoder.Kind == InputKind.Image
            : train.Schema.GetColumnOrNull(options.ImageColumnName) is not null;
        string input = isImage ? options.ImageColumnName : options.TextColumnName;
        Backbone backbone = options.Backbone ?? DefaultBackbone.For(isImage ? InputKind.Image : InputKind.Text);
        PipelineSchema.CheckBackbone(backbone, isImage ? InputKind.Image : InputKind.Text);
        IReadOnlyList<string> classes = Classes(train, options.LabelColumnName);
        Dictionary<string, int> numbers = classes.Select((name, label) => (name, label)).ToDictionary(item => item.name, item => item.label,
            StringComparer.Ordinal);
        using LabeledRows trainRows = Read(train, "training", input, options, numbers, backbone),
            testRows = Read(test, "test", input, options, numbers, backbone);
        return Run(new CallerContext(catalog), Task(classes, trainRows.Examples, testRows.Examples), trainRows.Backbone, train.Schema, isImage, options);
    }

    private static TransferComparison Run(
        CallerContext caller, LabeledData data, Backbone backbone, DataViewSchema schema, bool isImage, TransferComparisonOptions options)
    {
        MLContext ml = new(seed: 0);
        TransferOptions names = isImage
            ? new ImageTransferOptions { ImageColumnName = options.ImageColumnName }
            : new TextTransferOptions { TextColumnName = options.TextColumnName };
        List<(string Strategy, TransferTransformer Model)> models = [];
        ComparisonOptions compared = new()
        {
            Strategies = options.Strategies,
            Seeds = options.Seeds,
            TrainPerClass = options.TrainPerClass,
            Augmentation = options.Augmentation,
            OutputFolder = options.OutputFolder,
            Restart = true, // A run that is only read from a file leaves no model.
        };
        Comparer comparer = new(data, backbone, ComputeDevice.Choose(options.Device, options.Precision), compared)
        {
            Tested = (strategy, seed, fitted) =>
            {
                caller.Inform($"{strategy.Name}, seed {seed}: trained in {fitted.Time.Total:0.0} s");
                if (seed == 1 && PipelineSteps.CanHold(fitted.Model))
                {
                    models.Add((strategy.Name, new(PipelineSteps.Classifier(ml, schema, fitted.Model, LabelNames.Of(data.Classes), names), fitted)));
                }
            },
        };
        ComparisonResults results = comparer.Run(options.Progress, options.Cancellation);
        Report(caller, comparer.Warnings, results);
        return new(results, [.. models.Select(item => new ComparedModel(results.Strategies.Single(result => result.Name == item.Strategy), item.Model))]);
    }

    private static void Report(CallerContext caller, IReadOnlyList<string> warnings, ComparisonResults results)
    {
        foreach (string warning in warnings)
        {
            caller.Warn(warning);
        }

        foreach (StrategyResult strategy in results.Strategies)
        {
            caller.Inform($"{strategy.Name}: {strategy.Accuracy.Value:P1} right ({strategy.Accuracy.Low:P1} to {strategy.Accuracy.High:P1})");
        }

        foreach (string verdict in results.Verdicts)
        {
            caller.Inform($"{verdict}");
        }
    }

    private static LabeledRows Read(IDataView data, string view, string input, TransferComparisonOptions options, Dictionary<string, int> numbers,
        Backbone backbone)
    {
        DataViewSchema.Column label = data.Schema[options.LabelColumnName];
        int Number(string name) => name.Length == 0 ? NoLabel : numbers.TryGetValue(name, out int number) ? number
            : throw new DataException(
                $"The label '{name}' of the {view} data is no class of training; there are "
                    + $"{string.Join(", ", numbers.Keys.Take(10).Select(known => $"'{known}'"))}.");
        if (data.Schema[input].Type is not TextDataViewType)
        {
            throw new DataException(
                $"The column '{input}' of the {view} data is of the type {data.Schema[input].Type}; a comparison reads image paths or texts, so that it can "
                    + $"show its mistakes.");
        }

        IDataView text = label.Type is KeyDataViewType
            ? new MLContext(seed: 0).Transforms.Conversion.MapKeyToValue(label.Name).Fit(data).Transform(data)
            : data;
        LabeledRows rows = LabeledRows.Read(text, input, options.LabelColumnName, Number, backbone, varied: true, options.Cancellation);
        if (rows.Examples.Count > 0)
        {
            return rows;
        }

        rows.Dispose();
        throw new DataException($"The {view} data has no row with a label in the column '{options.LabelColumnName}'.");
    }

    /// <summary>Those of a key in the key's order, those of texts in ordinal order.</summary>
    private static IReadOnlyList<string> Classes(IDataView train, string labelColumn)
    {
        DataViewSchema.Column label = train.Schema[labelColumn];
        return label.Type switch
        {
            KeyDataViewType => LabelNames.Of(label).Names,
            TextDataViewType =>
                [.. train.GetColumn<string>(label).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            _ => throw new DataException($"The column '{labelColumn}' is of the type {label.Type}; labels are texts, or keys with values of text."),
        };
    }

    private static LabeledData Task(IReadOnlyList<string> classes, IReadOnlyList<Example> train, IReadOnlyList<Example> test) => new()
    {
        Name = "data view",
        Classes = classes,
        Train = train,
        Test = test,
        Hash = DataHash.Of(classes, train, test),
    };
}
