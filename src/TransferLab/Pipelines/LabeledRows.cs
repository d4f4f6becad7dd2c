using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Pipelines;

/// <summary>The rows of a data view as examples: read once, in order. Texts and paths are kept; images of a column go to a file.</summary>
internal sealed class LabeledRows : IDisposable
{
    private readonly List<Example> _examples = [];
    private readonly ImageSpool? _spool;

    private LabeledRows(Backbone backbone, bool isImageColumn, bool varied)
    {
        if (backbone.Encoder is ImageEncoder images)
        {
            _spool = isImageColumn ? new(images.Size, varied) : null;
            backbone = backbone with { Encoder = images.Through(_spool ?? (PixelReader)new MLNetPixels(images.Size)) };
        }

        Backbone = backbone;
    }

    /// <summary>The examples, in the order of the rows.</summary>
    public IReadOnlyList<Example> Examples => _examples;

    /// <summary>The backbone, reading the examples' sources with the pixels that a saved pipeline sees.</summary>
    public Backbone Backbone { get; }

    /// <summary>Reads a view whose label is a key; rows without a label are passed over, as ML.NET's trainers do.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="input">Name of the column of texts, image paths or images.</param>
    /// <param name="label">Name of the label column.</param>
    /// <param name="labelOf">From a label as text to its number; below zero for a row that has none.</param>
    /// <param name="backbone">What will read the examples.</param>
    /// <param name="varied">Whether training varies views.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static LabeledRows Read(IDataView data, string input, string label, Func<string, int>? labelOf, Backbone backbone, bool varied,
        CancellationToken cancellation)
    {
        DataViewSchema.Column inputColumn = data.Schema[input], labelColumn = data.Schema[label];
        LabeledRows rows = new(backbone, inputColumn.Type is ImageDataViewType, varied);
        try
        {
            using DataViewRowCursor cursor = data.GetRowCursor([inputColumn, labelColumn]);
            Func<int> labels = labelOf is null ? KeyReader(cursor, labelColumn) : TextReader(cursor, labelColumn, labelOf);
            Func<string> sources = rows._spool is null ? TextReader(cursor, inputColumn) : rows.ImageReader(cursor, inputColumn);
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                if (labels() is >= 0 and int number)
                {
                    string source = sources();
                    rows._examples.Add(new(string.Create(CultureInfo.InvariantCulture, $"row {rows._examples.Count:000000000}"), source, number,
                        rows.HashOf(source)));
                }
            }

            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public void Dispose() => _spool?.Dispose();

    /// <summary>Names the content, so far as it can be told without decoding it.</summary>
    private string HashOf(string source)
    {
        if (Backbone.Encoder is not ImageEncoder)
        {
            return TextHash.Of(source);
        }

        FileInfo? file = _spool is null ? new(source) : null;
        return file is { Exists: true } ? string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}") : source;
    }

    private static Func<int> KeyReader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        ValueGetter<uint> getter = cursor.GetGetter<uint>(column);
        return () =>
        {
            uint value = 0;
            getter(ref value);
            return (int)value - 1;
        };
    }

    private static Func<int> TextReader(DataViewRowCursor cursor, DataViewSchema.Column column, Func<string, int> labelOf)
    {
        Func<string> text = TextReader(cursor, column);
        return () => labelOf(text());
    }

    private static Func<string> TextReader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            return value.ToString();
        };
    }

    private Func<string> ImageReader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        MLImage? image = null;
        return () =>
        {
            getter(ref image!);
            return image is null ? throw new DataException($"The column '{column.Name}' holds no image in row {_examples.Count}.") : _spool!.Add(image);
        };
    }
}
