using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>
/// Says of an answer in other words whether it says what a right one says. A figure beside the others and never the main one: judges favour long answers and
/// their own (Zheng et al. 2023, arXiv:2306.05685).
/// </summary>
public interface IAnswerJudge
{
    /// <summary>Its name, for tables and sentences.</summary>
    string Name { get; }

    /// <summary>Judges an answer; called from one thread at a time.</summary>
    /// <param name="question">What was asked, with the right answers.</param>
    /// <param name="answer">What was answered; never empty.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Null where it does not say yes or no.</returns>
    bool? IsRight(Question question, string answer, CancellationToken cancellation);
}
