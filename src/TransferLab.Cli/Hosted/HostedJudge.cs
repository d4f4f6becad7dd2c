using TransferLab.Comparison;
using TransferLab.Data;

namespace TransferLab.Cli.Hosted;

/// <summary>A model of a host that judges answers.</summary>
/// <param name="host">The host.</param>
/// <param name="model">The model's name there.</param>
/// <param name="cache">What it said before.</param>
internal sealed class HostedJudge(ModelHost host, string model, AnswerCache cache) : IAnswerJudge
{
    private const int Tokens = 256; // A word, where the model does not think first.
    private readonly HostedModel _model = new(host, model, Tokens, new HostRetry(host, Console.Error.WriteLine), cache);

    /// <inheritdoc/>
    public string Name => model;

    /// <inheritdoc/>
    /// <exception cref="HostException">The host refuses, or goes on failing.</exception>
    public bool? IsRight(Question question, string answer, CancellationToken cancellation) =>
        JudgeQuestion.Read(_model.Ask(model, JudgeQuestion.Of(question, answer), $"judge, question {question.Name}", cancellation).Text);

    /// <summary>What it will be sent at most, in lines for a person.</summary>
    /// <param name="questions">The test questions.</param>
    /// <param name="answers">Answers to each at most.</param>
    /// <param name="answerTokens">Most tokens of an answer.</param>
    public IEnumerable<string> Lines(IReadOnlyList<Question> questions, int answers, int answerTokens)
    {
        long read = answers * questions.Sum(question => (long)TokenEstimate.Of(JudgeQuestion.Of(question, ""), TokenEstimate.Of) + answerTokens);
        yield return Say($"leaves    this data leaves the machine: at most {(long)answers * questions.Count:N0} requests with questions, their right "
            + $"answers and what was answered go to {host}, judge {model}");
        yield return Say($"tokens    at most about {read:N0} are read (estimates: a token every four bytes), and a word each is written");
    }

    private static string Say(InvariantText text) => text.ToString();
}
