using Microsoft.ML;

namespace TransferLab.Pipelines;

/// <summary>
/// Brings what ML.NET's steps always call <c>PredictedLabel</c> and <c>Score</c> under the names that the user chose; columns of the user's with
/// those names come through.
/// </summary>
internal sealed class OutputColumns
{
    public const string PredictedLabel = "PredictedLabel", Score = "Score";
    private readonly TransferOptions _names;
    private readonly string[] _unwanted, _kept;

    /// <param name="names">The chosen names.</param>
    /// <param name="exists">Whether the input has a column of a name.</param>
    /// <param name="others">Further columns that steps make under names of their own.</param>
    public OutputColumns(TransferOptions names, Predicate<string> exists, params string[] others)
    {
        _names = names;
        _unwanted = [.. new[] { PredictedLabel, Score }.Concat(others).Except([names.PredictedLabelColumnName, names.ScoreColumnName])];
        _kept = [.. _unwanted.Where(column => exists(column))];
    }

    /// <summary>Steps in front of those that make the two columns.</summary>
    public IEnumerable<IEstimator<ITransformer>> Keep(MLContext ml) => _kept.Select(column => ml.Transforms.CopyColumns(Columns.Kept(column), column));

    /// <summary>Steps behind them.</summary>
    /// <param name="ml">Makes the steps.</param>
    /// <param name="score">The column that holds the score.</param>
    /// <param name="temporary">Columns to drop.</param>
    public IEnumerable<IEstimator<ITransformer>> Rename(MLContext ml, string score, IEnumerable<string> temporary)
    {
        if (_names.PredictedLabelColumnName != PredictedLabel)
        {
            yield return ml.Transforms.CopyColumns(_names.PredictedLabelColumnName, PredictedLabel);
        }

        if (_names.ScoreColumnName != score)
        {
            yield return ml.Transforms.CopyColumns(_names.ScoreColumnName, score);
        }

        yield return ml.Transforms.DropColumns([.. temporary, .. _unwanted]);
        if (_kept.Length == 0)
        {
            yield break;
        }

        foreach (string column in _kept)
        {
            yield return ml.Transforms.CopyColumns(column, Columns.Kept(column));
        }

        yield return ml.Transforms.DropColumns([.. _kept.Select(Columns.Kept)]);
    }
}
