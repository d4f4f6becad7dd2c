using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace TransferLab.Pipelines;

/// <summary>What matters of a column, whether data is there or only its shape: ML.NET does not make the one from the other in public.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsVector">Whether it holds several values a row.</param>
/// <param name="Item">Type of a value.</param>
/// <param name="IsNamedKey">Whether it is a key (of 32 bits, as ML.NET's trainers want it) with values.</param>
internal sealed record PipelineColumn(string Name, bool IsVector, DataViewType Item, bool IsNamedKey)
{
    private const string KeyValues = "KeyValues";

    /// <summary>Whether its values are texts.</summary>
    public bool IsText => Item is TextDataViewType;

    /// <summary>Whether its values are images.</summary>
    public bool IsImage => Item is ImageDataViewType;

    /// <summary>In words, for errors.</summary>
    public string Type => $"{(IsVector ? "vector of " : "")}{Item}{(IsNamedKey ? " (key)" : "")}";

    /// <summary>A column of data.</summary>
    public static PipelineColumn Of(DataViewSchema.Column column)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return new(column.Name, column.Type is VectorDataViewType, item, item is KeyDataViewType && item.RawType == typeof(uint)
            && column.Annotations.Schema.GetColumnOrNull(KeyValues) is not null);
    }

    /// <summary>A column of a pipeline that has not been fitted.</summary>
    public static PipelineColumn Of(SchemaShape.Column column) => new(
        column.Name,
        column.Kind != SchemaShape.Column.VectorKind.Scalar,
        column.ItemType,
        column.IsKey && column.ItemType.RawType == typeof(uint) && column.Annotations.Any(item => item.Name == KeyValues));
}
