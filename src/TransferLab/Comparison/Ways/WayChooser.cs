using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Chooses how many passages <c>rag</c> shows and how many examples <c>few-shot</c> shows, on training questions that the model as it is answers: as many
/// trials for the one as for the other, and the test is never looked at.
/// </summary>
public static class WayChooser
{
    private const int MostQuestions = 24, MostTrials = 8;
    private static readonly int[] s_values = [3, 1, 2, 5, 8, 4, 6, 10]; // The usual one first.

    /// <summary>Chooses; goes by what an output folder keeps of an earlier call.</summary>
    /// <param name="data">The questions, of which only training ones are asked.</param>
    /// <param name="model">A GGUF file or a folder in the hub's layout.</param>
    /// <param name="options">Ways, documents and all the rest.</param>
    /// <param name="trials">Numbers that are tried for each, 2 to 8.</param>
    /// <param name="progress">Told after every answer.</param>
    /// <param name="cancellation">Stops between answers.</param>
    /// <returns>The options with the numbers that were chosen; <see cref="AnswerOptions.Choices"/> has a sentence for each of them.</returns>
    /// <exception cref="ArgumentException">The number of trials is out of its bounds, or there are no training questions.</exception>
    public static AnswerOptions Choose(
        QuestionSet data, string model, AnswerOptions options, int trials, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation =
            default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (trials is < 2 or > MostTrials || data.Train.Count < 2)
        {
            throw new ArgumentException(data.Train.Count < 2
                ? $"{data.Name} has no training questions to choose on; give the numbers."
                : $"2 to {MostTrials} numbers are tried, not {trials}.");
        }

        Choice[] wanted =
            [.. new[] { (WayContext.Rag, "passages"), (WayContext.FewShot, "examples") }.Where(item => options.Ways.Any(way => way.Context == item.Item1))
                .Select(item => new Choice(item.Item1, item.Item2))];
        if (wanted.Length == 0)
        {
            return options;
        }

        string? kept = options.OutputFolder is { } folder ? Path.Combine(folder, "runs", "choice.json") : null;
        string fingerprint = Fingerprint(data, model, options, trials);
        if (Read(kept) is not { } record || record.Fingerprint != fingerprint || record.Scores.Count != wanted.Length)
        {
            record = Measure(data, model, options, wanted, s_values[..trials], fingerprint, progress, cancellation);
            if (kept is not null)
            {
                WholeFile.Write(kept, stream => JsonSerializer.Serialize(stream, record, ResultsFile.Options));
            }
        }

        string metric = AnswerMetrics.For(data)[0].Name;
        List<string> said = [];
        for (int i = 0; i < wanted.Length; i++)
        {
            double[] scores = record.Scores[i];
            int best = s_values[Array.IndexOf(scores, scores.Max())];
            options = wanted[i].Context == WayContext.Rag ? options with { Passages = best } : options with { Shots = best };
            string each = string.Join(", ", scores.Select((score, j) => string.Create(CultureInfo.InvariantCulture, $"{s_values[j]}: {100 * score:0.0}")));
            said.Add($"{best} {wanted[i].Noun} are shown: chosen by {metric} of the model as it is on {record.Questions} training questions ({each}).");
        }

        return options with { ChoiceSeconds = record.Seconds, Choices = said };
    }

    private static Record Measure(
        QuestionSet data, string model, AnswerOptions options, Choice[] wanted, int[] values, string fingerprint, IProgress<TrainingProgress>? progress,
            CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        AnswerScorer scorer = AnswerScorer.For(data.Train.SelectMany(question => new[] { question.Text, question.Reference }));
        MetricSummary metric = AnswerMetrics.For(data)[0];
        (int[] clusters, _) = QuestionSplit.Clusters(data.Train);
        int[] drawn = QuestionSplit.Draw(clusters, Math.Min(MostQuestions, Math.Max(1, data.Train.Count / 2)));
        HashSet<int> asked = [.. drawn];
        // Whoever is asked is not shown its own answer.
        Conversation[] examples = [.. data.Train.Where((_, i) => !asked.Contains(i)).Select(question => question.Whole)];
        using LanguageModel opened = LanguageModel.Open(model, options.Compute ?? ComputeDevice.ForAnswers());
        List<double[]> scores = [];
        int done = 0;
        foreach (Choice choice in wanted)
        {
            scores.Add([.. values.Select(value =>
            {
                AnswerContext context = choice.Context == WayContext.Rag
                    ? new(retriever: options.Retriever, passages: value, prompt: options.Prompt)
                    : new(examples, value);
                return drawn.Average(i =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    Conversation whole = context.Of(data.Train[i].Prompt, conversation => opened.Fits(conversation, options.AnswerTokens)).Conversation;
                    string answer = opened.CountPrompt(whole) < opened.MaxTokens
                        ? opened.Complete(whole, new GenerationOptions { MaxTokens = options.AnswerTokens }, cancellation).Text
                        : "";
                    progress?.Report(new("choosing", (double)++done / (wanted.Length * values.Length * drawn.Length)));
                    return AnswerMetrics.Of(metric, scorer.Score(answer, data.Train[i].Right, data.Train[i].Unanswerable));
                });
            })]);
        }

        return new(fingerprint, scores, drawn.Length, Stopwatch.GetElapsedTime(start).TotalSeconds / wanted.Length);
    }

    private static string Fingerprint(QuestionSet data, string model, AnswerOptions options, int trials)
    {
        FileInfo file = new(model);
        string all = string.Join('\n', (string[])[data.Hash, Path.GetFullPath(model), file.Exists
            ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}"
            : "", options.Prompt, options.Retriever?.Name ?? "",
            FormattableString.Invariant($"{options.AnswerTokens} {trials}"), .. options.Ways.Select(way => way.Name),
                .. options.Documents.Select(passage => passage.Id + passage.Text)]);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all))).ToLowerInvariant();
    }

    private static Record? Read(string? path)
    {
        try
        {
            return path is not null && File.Exists(path) ? JsonSerializer.Deserialize<Record>(File.ReadAllBytes(path), ResultsFile.Options) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record Choice(WayContext Context, string Noun);

    private sealed record Record(string Fingerprint, IReadOnlyList<double[]> Scores, int Questions, double Seconds);
}
