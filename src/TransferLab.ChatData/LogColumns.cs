using System.Globalization;
using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>
/// Logs: a row a message. Messages of one conversation are put in the order of time, those of one side joined; one speaker is the assistant, every other the
/// user.
/// </summary>
public sealed record LogColumns
{
    private static readonly string[] s_basic = ["yyyyMMdd'T'HHmmssK", "yyyyMMdd'T'HHmmss"];

    // Who writes such messages is no person; compared without case.
    private static readonly string[] s_machines = ["system", "system message", "notification", "event", "info"];

    /// <summary>Column that is the same for all messages of a conversation.</summary>
    public required string Conversation { get; init; }

    /// <summary>Column of the speaker's name.</summary>
    public required string Speaker { get; init; }

    /// <summary>The speaker who answers; compared without case.</summary>
    public required string Assistant { get; init; }

    /// <summary>Column of what is said.</summary>
    public required string Text { get; init; }

    /// <summary>Column of the time: ISO 8601, or a number; null takes messages in the order in which they come.</summary>
    public string? Time { get; init; }

    /// <summary>The same system turn for all; null writes none.</summary>
    public string? System { get; init; }

    /// <summary>Makes a conversation of every log in which the assistant answers.</summary>
    /// <exception cref="DataException">The rows cannot be read, have no such column, a time that cannot be read, or nobody of the assistant's name.</exception>
    public MadeChat Make(IEnumerable<SourceRow> rows, CancellationToken cancellation = default)
    {
        Losses losses = new();
        Dictionary<string, List<Message>> logs = [];
        HashSet<string> speakers = [];
        Columns columns = new();
        bool? areNumbers = null;
        int read = 0;
        foreach (SourceRow row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            read++;
            string key = columns.Value(row, Conversation).Trim();
            if (Take(row, columns, losses, speakers, ref areNumbers) is not { } message)
            {
                continue;
            }

            if (key.Length == 0)
            {
                losses.Add("messages of no conversation", row.Place);
                continue;
            }

            (logs.TryGetValue(key, out List<Message>? log) ? log : logs[key] = []).Add(message);
        }

        columns.Check();
        if (read > 0 && !speakers.Contains(Assistant.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            throw new DataException(
                $"No message is by '{Assistant}'; the speakers are "
                    + $"{string.Join(", ", speakers.Take(20).Select(name => $"'{name}'"))}{(speakers.Count > 20 ? $" and {speakers.Count - 20} more" : "")}: "
                    + $"name the one who answers.");
        }

        List<Conversation> made = [];
        foreach ((string key, List<Message> log) in logs)
        {
            if (Turns(key, log, losses) is { } turns)
            {
                made.Add(new(turns));
            }
        }

        return new(read, made, losses.ToList());
    }

    private Message? Take(SourceRow row, Columns columns, Losses losses, HashSet<string> speakers, ref bool? areNumbers)
    {
        string speaker = columns.Value(row, Speaker).Trim(), text = columns.Value(row, Text).Trim();
        bool isAssistant = speaker.Equals(Assistant.Trim(), StringComparison.OrdinalIgnoreCase);
        speakers.Add(speaker);
        if (text.Length == 0)
        {
            losses.Add("messages without a text", row.Place);
            return null;
        }

        if (!isAssistant && (speaker.Length == 0 || s_machines.Contains(speaker, StringComparer.OrdinalIgnoreCase)))
        {
            losses.Add("messages of systems", row.Place);
            return null;
        }

        if (Time is null)
        {
            return new(isAssistant, text, 0);
        }

        if (!row.Values.ContainsKey(Time))
        {
            throw new DataException($"{row.Source}, {row.Place}: there is no column '{Time}' for the time; there are {Naming.Some([.. row.Values.Keys])}.");
        }

        (decimal moment, bool isNumber) = Moment(row, columns.Value(row, Time).Trim());
        areNumbers ??= isNumber;
        return areNumbers == isNumber
            ? new(isAssistant, text, moment)
            : throw new DataException(
                $"{row.Source}, {row.Place}: times are numbers in some rows and dates in others, which have no common order; write all in one way.");
    }

    private static (decimal Moment, bool IsNumber) Moment(SourceRow row, string text)
    {
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
        {
            return (number, true);
        }

        if (text.EndsWith(" UTC", StringComparison.Ordinal))
        {
            text = $"{text[..^4]}Z";
        }

        if (DateTimeOffset.TryParseExact(text, s_basic, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset basic))
        {
            return (basic.UtcTicks, false);
        }

        // Other ways to write a date can be read two ways, and would put turns into a wrong order without a word.
        return text.Length >= 8 && text.Take(4).All(char.IsAsciiDigit)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? (time.UtcTicks, false)
            : throw new DataException(
                $"{row.Source}, {row.Place}: the time '{(text.Length > 40 ? text[..40] : text)}' is neither ISO 8601 (2024-05-31 14:02:11) nor a number; write "
                    + $"it so, or sort the rows and name no column of time.");
    }

    private List<Turn>? Turns(string key, List<Message> log, Losses losses)
    {
        List<Turn> turns = [];
        foreach (Message message in log.OrderBy(message => message.Time)) // Stable: equal times keep the order of the rows.
        {
            Role role = message.IsAssistant ? Role.Assistant : Role.User;
            if (turns.Count > 0 && turns[^1].Role == role)
            {
                turns[^1] = turns[^1] with { Content = $"{turns[^1].Content}\n{message.Text}" };
            }
            else if (turns.Count > 0 || !message.IsAssistant)
            {
                turns.Add(new(role, message.Text));
            }
            else
            {
                losses.Add("messages of the assistant before the first question", $"conversation {key}");
            }
        }

        if (turns.Count < 2)
        {
            losses.Add("conversations without an answer", key);
            return null;
        }

        if (turns[^1].Role == Role.User)
        {
            losses.Add("last questions without an answer", $"conversation {key}");
            turns.RemoveAt(turns.Count - 1);
        }

        return System is null ? turns : [new(Role.System, System), .. turns];
    }

    private sealed record Message(bool IsAssistant, string Text, decimal Time);
}
