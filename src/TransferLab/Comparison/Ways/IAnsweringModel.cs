using System.Diagnostics;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Whoever answers the questions of a comparison.</summary>
internal interface IAnsweringModel : IDisposable
{
    /// <summary>All parameters; 0 where they are not known.</summary>
    long Parameters { get; }

    /// <summary>Whether a conversation leaves room for an answer.</summary>
    bool Fits(Conversation asked);

    /// <summary>Answers, without passages and with the seconds of the answer alone.</summary>
    AnswerResult Answer(AnswerWay way, Question question, Conversation asked, CancellationToken cancellation);
}

/// <summary>A model of this machine.</summary>
/// <param name="model">Owned.</param>
/// <param name="answerTokens">Most tokens of an answer.</param>
internal sealed class LocalAnswers(LanguageModel model, int answerTokens) : IAnsweringModel
{
    public long Parameters => model.Parameters;

    public bool Fits(Conversation asked) => model.Fits(asked, answerTokens);

    public AnswerResult Answer(AnswerWay way, Question question, Conversation asked, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        long[] prompt = model.Chat!.Prompt(asked);
        if (prompt.Length >= model.MaxTokens)
        {
            return new() { Text = "", InputTokens = prompt.Length, OutputTokens = 0, Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Stopped = false };
        }

        Completion answer = model.Continue([prompt], new() { MaxTokens = answerTokens }, onText: null, cancellation)[0];
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new()
        {
            Text = answer.Text,
            InputTokens = answer.PromptTokens,
            OutputTokens = answer.Ids.Count,
            Seconds = seconds,
            Stopped = answer.End == CompletionEnd.Stop,
            Loss = AnswerLoss.Of(model, asked, question.Reference, cancellation),
        };
    }

    public void Dispose() => model.Dispose();
}

/// <summary>A model behind an API, whose limits only its host knows.</summary>
internal sealed class HostedAnswers(IHostedModel model) : IAnsweringModel
{
    public long Parameters => 0;

    public bool Fits(Conversation asked) => true;

    public AnswerResult Answer(AnswerWay way, Question question, Conversation asked, CancellationToken cancellation) =>
        model.Answer(way, question, asked, cancellation);

    public void Dispose()
    {
    }
}
