using System.Diagnostics;
using System.Globalization;
using System.Text;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>A conversation over lines: every line of the input is a turn of the user's, or a command. Answers go to one writer and everything else to
/// another.</summary>
/// <param name="model">Who answers.</param>
/// <param name="options">How.</param>
/// <param name="answers">For answers alone.</param>
/// <param name="notes">For what is said about them.</param>
/// <param name="isTerminal">Whether a person sits there: then there is a prompt, the speed is told, and nothing that a model writes gives the terminal
/// orders.</param>
internal sealed class ChatSession(LanguageModel model, GenerationOptions options, TextWriter answers, TextWriter notes, bool isTerminal)
{
    private const string Help = "/reset begins anew, /system TEXT sets the scene and begins anew, /system shows it, /exit ends.";
    private readonly List<Turn> _turns = [];
    private readonly object _lock = new();
    private CancellationTokenSource? _answering;

    /// <summary>The system turn; null for the template's own, where it has one.</summary>
    public string? System { get; set; }

    /// <summary>Stops the answer that is being written.</summary>
    /// <returns>False where there is none, or it was stopped already.</returns>
    public bool Interrupt()
    {
        lock (_lock)
        {
            if (_answering is null or { IsCancellationRequested: true })
            {
                return false;
            }

            _answering.Cancel();
            return true;
        }
    }

    /// <summary>Talks until the input ends or somebody leaves.</summary>
    public async Task RunAsync(TextReader input)
    {
        while (true)
        {
            if (isTerminal)
            {
                await answers.WriteAsync("> ").ConfigureAwait(false);
                await answers.FlushAsync().ConfigureAwait(false);
            }

            string? line = input.ReadLine()?.Trim(); // Not asynchronously: a console's reader has none, and the thread has nothing else to do.
            if (line is null or "/exit" or "/quit" or "/bye")
            {
                return;
            }

            if (line.Length > 0 && !Command(line))
            {
                await AnswerAsync(line).ConfigureAwait(false);
            }
        }
    }

    private bool Command(string line)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!line.StartsWith('/') || words[0].AsSpan(1).ContainsAnyExceptInRange('a', 'z'))
        {
            return false; // A path, a fraction.
        }

        switch (words)
        {
            case ["/reset"]:
                _turns.Clear();
                notes.WriteLine("note      begun anew");
                break;
            case ["/system"]:
                notes.WriteLine($"system    {System ?? model.Chat!.Template.DefaultSystem ?? "none"}");
                break;
            case ["/system", { } text]:
                System = text;
                _turns.Clear();
                notes.WriteLine("note      the scene is set, and the conversation begun anew");
                break;
            case ["/help", ..]:
                notes.WriteLine($"note      {Help}");
                break;
            default:
                notes.WriteLine($"note      there is no command '{words[0]}'; {Help}");
                break;
        }

        return true;
    }

    private async Task AnswerAsync(string question)
    {
        _turns.Add(new(Role.User, question));
        StringBuilder text = new();
        using CancellationTokenSource stop = new();
        try
        {
            Conversation conversation = Fitting();
            Set(stop);
            long start = Stopwatch.GetTimestamp();
            Completion? whole = null;
            await foreach (CompletionPiece piece in model.StreamAsync(conversation, options, stop.Token).ConfigureAwait(false))
            {
                stop.Token.ThrowIfCancellationRequested(); // What was written meanwhile is not shown.
                whole = piece.Completion;
                text.Append(piece.Text);
                await answers.WriteAsync(Shown(piece.Text)).ConfigureAwait(false);
                await answers.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }

            await answers.WriteLineAsync().ConfigureAwait(false);
            Tell(whole!, Stopwatch.GetElapsedTime(start));
        }
        catch (OperationCanceledException)
        {
            await answers.WriteLineAsync().ConfigureAwait(false);
            notes.WriteLine("note      stopped");
        }
        catch (Exception e) when (e is ArgumentException or ChatTemplateException)
        {
            notes.WriteLine($"note      not answered: {ErrorLine.Of(e)}");
        }
        finally
        {
            Set(null);
        }

        if (text.Length > 0)
        {
            _turns.Add(new(Role.Assistant, text.ToString()));
        }
        else
        {
            _turns.RemoveAt(_turns.Count - 1); // Unanswered, it would stand beside the next.
        }
    }

    /// <summary>The conversation, without its earliest turns where all together leave an answer no room.</summary>
    private Conversation Fitting()
    {
        int room = Math.Min(options.MaxTokens, model.MaxTokens / 4), left = 0;
        Conversation whole = Whole();
        while (_turns.Count > 2 && model.CountPrompt(whole) + room > model.MaxTokens)
        {
            _turns.RemoveRange(0, 2);
            left += 2;
            whole = Whole();
        }

        if (left > 0)
        {
            notes.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"note      the first {left} turns are left out from here on: the model reads {model.MaxTokens:N0} tokens"));
        }

        return whole;
    }

    private Conversation Whole() => new([.. System is { } scene ? [new Turn(Role.System, scene)] : (Turn[])[], .. _turns]);

    private void Tell(Completion answer, TimeSpan took)
    {
        string speed = isTerminal
            ? string.Create(CultureInfo.InvariantCulture,
                $"{answer.PromptTokens:N0} tokens read, {answer.Ids.Count:N0} written in {took.TotalSeconds:0.0} s ({answer.Ids.Count / took.TotalSeconds:0.0} "
                    + $"a second)")
            : "";
        string cut = answer.End == CompletionEnd.Length
            ? string.Create(CultureInfo.InvariantCulture, $"cut off after {answer.Ids.Count:N0} tokens, see --max-tokens")
            : "";
        if (speed.Length + cut.Length > 0)
        {
            notes.WriteLine($"note      {string.Join("; ", new[] { speed, cut }.Where(part => part.Length > 0))}");
        }
    }

    private void Set(CancellationTokenSource? stop)
    {
        lock (_lock)
        {
            _answering = stop;
        }
    }

    private string Shown(string text) => !isTerminal ? text : string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c));
}
