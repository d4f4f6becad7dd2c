using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Data;

namespace TransferLab.Pipelines;

/// <summary>The classes of a label column: their names in label order, and the values of the key that stands for them.</summary>
internal abstract class LabelNames
{
    /// <summary>Class names in label order.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Those of a key column.</summary>
    /// <exception cref="DataException">The key has no values, or fewer than two.</exception>
    public static LabelNames Of(DataViewSchema.Column label)
    {
        DataViewType? values = label.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type;
        LabelNames names = values is VectorDataViewType vector
            ? (LabelNames)Activator.CreateInstance(typeof(Values<>).MakeGenericType(vector.ItemType.RawType), label)!
            : throw new DataException($"The column '{label.Name}' is a key without values; make it with Conversion.MapValueToKey, so that classes have names.");
        return names.Names.Count >= 2 ? names : throw new DataException($"The column '{label.Name}' has {names.Names.Count} classes; at least two are needed.");
    }

    /// <summary>Those of a list of names.</summary>
    public static LabelNames Of(IReadOnlyList<string> names) => new Values<ReadOnlyMemory<char>>([.. names.Select(name => name.AsMemory())]);

    /// <summary>The step from the number of a cluster, as a key, to a class, as a key with the label's values.</summary>
    /// <param name="ml">Makes the steps.</param>
    /// <param name="column">The column that is changed in place.</param>
    /// <param name="clusters">For every class the number of its cluster, from 0.</param>
    public abstract IEnumerable<IEstimator<ITransformer>> FromClusters(MLContext ml, string column, IReadOnlyList<uint> clusters);

    private sealed class Values<T> : LabelNames
    {
        private readonly T[] _values;

        public Values(T[] values)
        {
            _values = values;
            Names = [.. values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
        }

        public Values(DataViewSchema.Column label)
            : this(Read(label))
        {
        }

        public override IReadOnlyList<string> Names { get; }

        public override IEnumerable<IEstimator<ITransformer>> FromClusters(MLContext ml, string column, IReadOnlyList<uint> clusters)
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(Pair));
            schema[nameof(Pair.Cluster)].ColumnType = new KeyDataViewType(typeof(uint), clusters.Count);
            IDataView pairs = ml.Data.LoadFromEnumerable(clusters.Zip(_values, (cluster, value) => new Pair { Cluster = cluster, Value = value }).ToList(),
                schema);
            IDataView keys = ml.Data.LoadFromEnumerable(_values.Select(value => new Single { Value = value }).ToList());
            yield return ml.Transforms.Conversion.MapValue(column, pairs, pairs.Schema[nameof(Pair.Cluster)], pairs.Schema[nameof(Pair.Value)], column);
            yield return ml.Transforms.Conversion.MapValueToKey(column, column, keyData: keys);
        }

        private static T[] Read(DataViewSchema.Column label)
        {
            VBuffer<T> values = default;
            label.GetKeyValues(ref values);
            return [.. values.DenseValues()];
        }

        private sealed class Pair
        {
            public uint Cluster { get; set; }

            public T Value { get; set; } = default!;
        }

        private sealed class Single
        {
            public T Value { get; set; } = default!;
        }
    }
}
