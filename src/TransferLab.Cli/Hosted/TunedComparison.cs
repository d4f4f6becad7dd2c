using TransferLab.Cli.Commands;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Reporting;

namespace TransferLab.Cli.Hosted;

/// <summary>The model before and after tuning on the same test questions, both at the host.</summary>
/// <param name="host">The host.</param>
/// <param name="data">The questions; of training rows only their answers are used, for <c>nearest</c>.</param>
/// <param name="prices">What tokens cost; null where nobody said.</param>
internal sealed class TunedComparison(ModelHost host, QuestionSet data, AnswerPrices? prices)
{
    private const string Tuned = "tuned";

    /// <summary>About what it will send.</summary>
    public HostEstimate Estimate(int answerTokens)
    {
        long read = data.Test.Sum(question => (long)TokenEstimate.Of(question.Prompt, TokenEstimate.Of));
        return new(2 * data.Test.Count, 0, 2 * read, 2L * data.Test.Count * answerTokens);
    }

    /// <summary>Asks both, and writes what <c>compare</c> writes.</summary>
    /// <param name="job">A job that succeeded.</param>
    /// <param name="output">Receives it.</param>
    /// <param name="command">The command line, for the report.</param>
    /// <param name="cancellation">Stops between answers.</param>
    public ComparisonResults Run(TuningJob job, OutputFolder output, string command, CancellationToken cancellation)
    {
        AnswerWay prompt = AnswerWay.Find("prompt"), tuned = prompt with
        {
            Name = Tuned,
            Description = $"{job.Tuned}, tuned by the host on the training rows, asked the question alone",
        };
        AnswerWay[] ways = [prompt, tuned, .. data.Train.Count > 0 ? [AnswerWay.Find("nearest")] : (AnswerWay[])[]];
        AnswerOptions options = new() { Ways = ways, Prices = prices, OutputFolder = output.Path, Command = command };
        HostedRun run = new(host, $"{job.Base} and {job.Tuned}", isConfirmed: true) { ModelOf = way => way == tuned ? job.Tuned! : job.Base };
        AnswerComparer comparer = run.Comparer(data, options, compared => Display.Warn(compared.Warnings));
        ComparisonResults results = comparer.Run(progress: null, cancellation);
        HtmlReport.Write(results, Path.Combine(output.Path, "report.html"));
        CompareAnswers.Show(results, output.Path);
        return results;
    }
}
