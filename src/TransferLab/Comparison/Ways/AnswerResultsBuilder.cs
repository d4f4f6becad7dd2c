using System.Reflection;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Makes results of what the runs of ways found.</summary>
internal sealed class AnswerResultsBuilder(
    QuestionSet data, BackboneCard card, string preprocessing, AnswerOptions options, ComputeDevice compute, MetricSummary[] metrics, OraclePassages? oracle,
        AnswerScorer scorer)
{
    private readonly int[] _clusters = [.. data.Clusters];

    /// <summary>The results so far.</summary>
    /// <param name="records">The runs of every way, in the order of the table.</param>
    /// <param name="warnings">What is known of the questions.</param>
    public ComparisonResults Of(IEnumerable<KeyValuePair<WayRow, List<StoredRun>>> records, IReadOnlyList<string> warnings)
    {
        (AnswerWay Way, StrategyResult Row)[] rows = [.. records.Select(pair => (pair.Key.Way, Row(pair.Key.Way, pair.Value)))];
        StrategyResult[] strategies = [.. rows.Select(row => row.Row)];
        AnswerPairs pairs = new(rows, metrics[0], _clusters);
        return new()
        {
            Program =
                $"TransferLab "
                    + $"{typeof(AnswerComparer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}",
            Created = DateTimeOffset.UtcNow,
            Command = options.Command,
            Data = new()
            {
                Name = data.Name,
                Kind = InputKind.Question,
                Hash = data.Hash,
                Classes = [],
                TrainExamples = data.Train.Count,
                TestExamples = data.Test.Count,
                Warnings = [.. warnings],
            },
            Backbone = new()
            {
                Name = card.Name,
                Architecture = card.Architecture,
                Origin = card.Origin,
                TrainedOn = card.TrainedOn,
                Licence = card.Licence,
                Assumed = card.Assumed,
                Sha256 = card.Sha256,
                Parameters = strategies.Max(row => row.TotalParameters),
                FeatureWidth = 0,
                Preprocessing = preprocessing,
            },
            Machine = MachineFacts.Of(compute),
            Metrics = metrics,
            Strategies = strategies,
            Pairs = pairs.All,
            Verdicts = AnswerVerdict.Summary(rows, pairs.All, metrics[0], data),
            Warnings = Warnings(rows),
            Test = [.. data.Test.Select(question => new TestExample(question.Name, 0))],
            Questions = Questions(rows),
        };
    }

    private StrategyResult Row(AnswerWay way, List<StoredRun> stored)
    {
        RunResult[] runs = [.. stored.Select(run => run.Result)];
        Dictionary<string, Estimate> estimates = metrics.Where(metric => runs.All(run => run.Scores.ContainsKey(metric.Name)))
            .ToDictionary(metric => metric.Name, metric =>
                AnswerStatistics.Mean([.. (way.Adaptation is null ? runs[..1] : runs).Select(run => run.Scores[metric.Name])], _clusters, metric.IsShare));
        AnswerResult[] answers = [.. runs.SelectMany(run => run.Answers!)];
        return new()
        {
            Name = way.Name,
            Strategy = way.Adaptation?.Name,
            Context = way.ContextName,
            Role = way.Role,
            MovesPretrained = way.Adaptation is not null,
            Description = way.Description,
            Accuracy = estimates[metrics[0].Name],
            Estimates = estimates,
            AccuracySpread = way.Adaptation is null || runs.Length < 2 ? null : Spread([.. runs.Select(run => run.Accuracy)]),
            MacroF1 = runs.Average(run => run.MacroF1),
            LogLoss = runs.Average(run => run.LogLoss),
            TrainSeconds = runs.Average(run => run.Time.Total),
            LatencyMilliseconds = runs.Select(run => run.LatencyMilliseconds).Order().ElementAt(runs.Length / 2),
            PeakMemoryBytes = runs.Min(run => run.PeakMemoryBytes),
            TrainableParameters = stored[0].Trainable,
            TotalParameters = stored[0].Total,
            Runs = runs,
            Cost = Cost(way, runs, answers) with { PreparationTokens = stored.Average(run => (double)run.TunedTokens) },
        };
    }

    private WayCost Cost(AnswerWay way, RunResult[] runs, AnswerResult[] answers)
    {
        (double input, double output, double seconds) = (answers.Average(answer => answer.InputTokens), answers.Average(answer => answer.OutputTokens),
            answers.Average(answer => answer.Seconds));
        double[] scores = [.. runs.SelectMany(run => run.Scores[metrics[0].Name])];
        double[] found = [.. answers.Zip(scores).Where(pair => pair.First.Found == true).Select(pair => pair.Second)];
        return new()
        {
            InputTokens = input,
            OutputTokens = output,
            Seconds = seconds,
            Preparation = runs.Average(run => run.Time.Total),
            Thousand = options.Prices is { } prices && way.HasModel ? 1000 * prices.Of(input, output, seconds) : null,
            Stopped = way.HasModel ? answers.Count(answer => answer.Stopped) / (double)answers.Length : null,
            Found = answers.Any(answer => answer.Found is not null)
                ? answers.Where(answer => answer.Found is not null).Average(answer => answer.Found == true ? 1.0 : 0)
                : null,
            FoundAndRead = found.Length > 0 ? found.Average() : null,
        };
    }

    private QuestionSummary Questions((AnswerWay Way, StrategyResult Row)[] rows)
    {
        HashSet<string> shown = [.. rows.SelectMany(row => row.Row.Runs.SelectMany(run => run.Answers!.SelectMany(answer => answer.Passages)))];
        return new()
        {
            Items =
                [.. data.Test.Select((question, i) =>
                    new QuestionItem(question.Name, question.Text, question.Right, question.Reference, _clusters[i], question.Unanswerable))],
            ClusteredBy = data.ClusteredBy,
            Clusters = _clusters.Distinct().Count(),
            Passages = options.Documents.Where(passage => shown.Contains(passage.Id)).ToDictionary(passage => passage.Id, passage => passage.Text),
            Retriever = rows.Any(row => row.Way.Context == WayContext.Rag) ? options.Retriever!.Name : null,
            Oracle = rows.Any(row => row.Way.Context == WayContext.Oracle) ? oracle!.Describe(data.Test) : null,
            Prices = options.Prices,
            BreakEvens = AnswerBreakEven.Of(rows, options.Prices, _clusters),
        };
    }

    private string[] Warnings((AnswerWay Way, StrategyResult Row)[] rows)
    {
        List<string> said = [];
        foreach ((AnswerWay way, StrategyResult row) in rows.Where(row => row.Way.HasModel))
        {
            AnswerResult[] answers = [.. row.Runs[0].Answers!];
            int unread = answers.Count(answer => answer.OutputTokens == 0), cut = answers.Count(answer => !answer.Stopped) - unread,
                empty = answers.Count(answer => answer.OutputTokens > 0 && answer.Text.Trim().Length == 0);
            if (unread > 0)
            {
                said.Add($"{way.Name}: {Naming.Count(unread, "question is", "questions are")} longer than the model reads, and count as not answered.");
            }

            if (cut * 2 > answers.Length)
            {
                said.Add(
                    $"{way.Name}: {cut} of {answers.Length} answers were cut off after {options.AnswerTokens} tokens: long answers contain a right one more "
                        + $"easily, and cost more.");
            }

            if (empty * 10 > answers.Length)
            {
                said.Add($"{way.Name}: {empty} of {answers.Length} answers are empty.");
            }
        }

        if (!scorer.IsEnglish)
        {
            said.Add("The questions are taken for another language than English: articles count as words.");
        }

        return [.. said];
    }

    private static double Spread(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
}
