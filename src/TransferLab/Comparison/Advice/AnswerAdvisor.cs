using System.Globalization;

namespace TransferLab.Comparison.Advice;

/// <summary>Says which way of answering to start with, by a few plain rules on what can be seen beforehand. <see cref="Rules"/> has them in words.</summary>
public static class AnswerAdvisor
{
    private static readonly AnswerThresholds s_usual = new();
    private const double ManyPieces = 3, LongSeconds = 3600;
    private const int FewestRows = 10, EnoughRows = 50;

    /// <summary>The rules, in the order in which they are asked.</summary>
    public static IReadOnlyList<string> Rules { get; } =
    [
        Say($"A loss below {s_usual.Easy:0.0} a token: prompt, the model says the right answers as it is."),
        "Facts that change within a month, and documents: passages are looked up (rag), since an index follows in seconds and weights do not.",
        Say($"Of rag and few-shot the one that lowers the loss more, where it does by {100 * s_usual.Worthwhile:0} % and more."),
        Say($"A model that does not read - the right passage costs it less than a wrong one by under {100 * s_usual.Reads:0} % - ")
            + Say($"is not given rag; with {EnoughRows} training rows raft+rag teaches it."),
        Say($"Neither helps, and there are {EnoughRows} training rows: lora; and otherwise prompt, with a larger model or more rows."),
        string.Create(CultureInfo.InvariantCulture,
            $"After any of these, with {EnoughRows} rows, an hour and the memory for it: lora, with passages (lora+rag, or raft+rag where it does not read) "
                + $"where there are any."),
    ];

    /// <summary>Advises.</summary>
    /// <param name="evidence">What was seen; without a model the guide's own order is given.</param>
    public static AnswerAdvice Advise(AnswerEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Advise(evidence, s_usual);
    }

    /// <summary>The same by other thresholds.</summary>
    internal static AnswerAdvice Advise(AnswerEvidence evidence, AnswerThresholds thresholds)
    {
        bool changes = evidence.Changes is FactChange.Month or FactChange.Week or FactChange.Day, hasDocuments = evidence.Passages > 0,
            hasRows = evidence.TrainQuestions >= EnoughRows;
        string start = evidence.Losses is { } losses ? Start(losses, changes, hasDocuments, hasRows, thresholds) : changes && hasDocuments ? "rag" : "prompt";
        bool canTune = hasRows && evidence.TuningSeconds is not > LongSeconds && (evidence.Losses is null || evidence.TuningBytes <= evidence.MemoryBytes);
        string tuned = !hasDocuments ? "lora" : evidence.Losses is null || thresholds.IsReading(evidence.Losses) ? "lora+rag" : "raft+rag";
        string? then = evidence.Losses is null ? (hasDocuments && start != "rag" ? "rag" : evidence.TrainQuestions > 0 ? "few-shot" : null)
            : start is "raft+rag" or "lora" or "prompt" && evidence.Losses.Alone < thresholds.Easy ? null
            : canTune && start is not ("raft+rag" or "lora") ? tuned : null;
        return new()
        {
            Evidence = evidence,
            Start = start,
            Then = then,
            Reasons = [.. Reasons(evidence, changes, thresholds)],
            Unmeasured = [.. Unmeasured(evidence)],
        };
    }

    private static string Start(AnswerLosses losses, bool changes, bool hasDocuments, bool hasRows, AnswerThresholds thresholds)
    {
        bool examplesHelp = thresholds.Lowers(losses.WithExamples, losses), reads = thresholds.IsReading(losses);
        bool passagesHelp = reads && thresholds.Lowers(losses.WithPassages, losses);
        return losses.Alone < thresholds.Easy ? "prompt"
            : changes && hasDocuments ? (reads || !hasRows ? "rag" : "raft+rag")
            : passagesHelp && !(losses.WithExamples < losses.WithPassages) ? "rag"
            : examplesHelp ? "few-shot"
            : hasDocuments && hasRows && !reads ? "raft+rag"
            : hasRows ? "lora"
            : "prompt";
    }

    private static IEnumerable<string> Reasons(AnswerEvidence evidence, bool changes, AnswerThresholds thresholds)
    {
        if (evidence.Losses is { } losses)
        {
            yield return losses.Alone < thresholds.Easy
                ? Say($"Difficulty: right answers cost {losses.Alone:0.00} a token as it is, below {thresholds.Easy:0.0}: the model says them by itself.")
                : Say($"Difficulty: right answers cost {losses.Alone:0.00} a token as it is, so that the model does not say them by itself.");
            if (losses.WithExamples is { } examples)
            {
                yield return Say($"Examples: with the training questions most alike before it {examples:0.00}, {Change(examples, losses)}.");
            }

            if (losses is { WithPassages: { } passages, WithRight: { } right, WithWrong: { } wrong, Found: { } found })
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"Documents: with passages {passages:0.00}, {Change(passages, losses)}; one with a right answer is found for {100 * found:0} %.");
                yield return Say($"Reading: with the right passage alone {right:0.00}, with a wrong one {wrong:0.00}: ")
                    + (thresholds.IsReading(losses) ? "the model reads what it is shown."
                        : "the model hardly reads what it is shown, whatever it gains from text before it; tuning with passages may mend that.");
            }

            yield return evidence.PiecesAWord > ManyPieces
                ? string.Create(CultureInfo.InvariantCulture,
                    $"Language: {evidence.PiecesAWord:0.0} pieces a word, {ManyPieces:0} and more: the model's vocabulary does not know this language or "
                        + $"field; try another model first.")
                : string.Create(CultureInfo.InvariantCulture,
                    $"Language: {evidence.PiecesAWord:0.0} pieces a word, so that the model's vocabulary knows "
                        + $"it{(evidence.DocumentBits is { } bits ? $"; a byte of the documents costs {bits:0.00} bits (prose like its own about 1)" : "")}.");
        }

        yield return evidence.TrainQuestions switch
        {
            0 => "Amount: no training rows, so that nothing can be tuned or shown.",
            < FewestRows =>
                Say($"Amount: {evidence.TrainQuestions} training rows, fewer than the {FewestRows} with which tuning begins; they can be shown as examples."),
            < EnoughRows => Say($"Amount: {evidence.TrainQuestions} training rows; from {EnoughRows} on tuning is worth a try."),
            _ => Say($"Amount: {evidence.TrainQuestions:N0} training rows, enough to try tuning."),
        };
        if (evidence.Changes != FactChange.Unknown)
        {
            yield return changes ? "Change: facts change within a " + evidence.Changes.ToString().ToLowerInvariant()
                + (evidence.Passages > 0 ? ": documents are indexed anew in seconds, and weights are tuned anew each time."
                : ": weights would have to be tuned anew each time; give --documents, in which they can be looked up.")
                : "Change: facts hold for a year and more, so that they can be kept in the weights.";
        }

        if (evidence.TuningSeconds is { } seconds)
        {
            string room = evidence.TuningBytes > evidence.MemoryBytes ? "more than there is" : "which there is";
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Resources: {evidence.Cores} cores; tuning adapters takes about {Duration(seconds)} for three passes, and about "
                    + $"{evidence.TuningBytes / 1e9:0.0} GB, {room} ({evidence.MemoryBytes / 1e9:0.0} GB).");
        }
    }

    /// <summary>The guide's own rules, for what nobody measured.</summary>
    private static IEnumerable<string> Unmeasured(AnswerEvidence evidence)
    {
        if (evidence.Losses is null)
        {
            yield return "No model was looked at (--model M). The guide: prompt first, and measure; show examples next; tune when that is not enough, for "
                + "form, tone and what no prompt reaches.";
        }

        if (evidence.Passages == 0)
        {
            yield return "No documents were given (--documents D). The guide: knowledge that has to be right, recent or cited is looked up, and not trained.";
        }

        if (evidence.Changes == FactChange.Unknown)
        {
            yield return "Nobody said how often facts change (--changes-per day, week, month, year or never). The guide: what changes belongs into documents, "
                + "what stays may be tuned.";
        }

        if (evidence.TrainQuestions < EnoughRows)
        {
            yield return Say($"The guide: tune with {FewestRows} good rows at least, and better {EnoughRows} to 100.");
        }
    }

    private static string Change(double loss, AnswerLosses losses) => loss <= losses.Alone
        ? Say($"{100 * (1 - (loss / losses.Alone)):0} % less") : Say($"{100 * ((loss / losses.Alone) - 1):0} % more");

    private static string Duration(double seconds) => seconds switch
    {
        < 90 => Say($"{seconds:0} s"),
        < 5400 => Say($"{seconds / 60:0} minutes"),
        _ => Say($"{seconds / 3600:0.0} hours"),
    };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
