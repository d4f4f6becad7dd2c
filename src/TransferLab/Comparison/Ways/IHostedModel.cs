using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>A model that answers elsewhere, behind an API: neither its weights nor its losses are at hand, so that it is asked and not tuned.</summary>
public interface IHostedModel
{
    /// <summary>Its name there.</summary>
    string Name { get; }

    /// <summary>Where it is: an address. Name and origin together decide the answers.</summary>
    string Origin { get; }

    /// <summary>Answers a question; called from one thread at a time.</summary>
    /// <param name="way">The row that asks.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="asked">The question with all that is shown beside it: what is sent.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The answer, with the seconds of the request alone.</returns>
    AnswerResult Answer(AnswerWay way, Question question, Conversation asked, CancellationToken cancellation);
}
