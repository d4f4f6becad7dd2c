using TransferLab.Data;
using TransferLab.Models;

namespace TransferLab.Comparison;

/// <summary>A language model of this machine that judges by which word it finds likelier, yes or no: it always says one of them.</summary>
public sealed class LanguageModelJudge : IAnswerJudge
{
    private readonly LanguageModel _model;

    /// <summary>A judge.</summary>
    /// <param name="model">A model with a chat template; it stays the caller's.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The model has no chat template.</exception>
    public LanguageModelJudge(LanguageModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model.Chat is not null ? model
            : throw new ArgumentException($"{name} has no chat template: it goes on from texts, and judges nothing; take a model that was taught to talk.");
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <returns>Null where what it is asked is longer than it reads.</returns>
    public bool? IsRight(Question question, string answer, CancellationToken cancellation)
    {
        Conversation asked = JudgeQuestion.Of(question, answer);
        double? yes = AnswerLoss.Of(_model, asked, JudgeQuestion.Yes, cancellation), no = AnswerLoss.Of(_model, asked, JudgeQuestion.No, cancellation);
        return yes is null || no is null ? null : yes < no;
    }
}
