using TransferLab.Cli;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Chat.Tests;

public sealed class ChatSessionTests(TinyModel tiny) : IClassFixture<TinyModel>, IDisposable
{
    private static readonly GenerationOptions s_options = new() { MaxTokens = 5 };
    private readonly LanguageModel _model = tiny.Open();
    private readonly StringWriter _answers = new() { NewLine = "\n" }, _notes = new() { NewLine = "\n" };

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Every_line_is_a_turn_and_answers_alone_go_to_the_output()
    {
        string first = _model.Complete(new Conversation([new(Role.User, "Hello")]), s_options).Text;
        string second = _model.Complete(new Conversation([new(Role.User, "Hello"), new(Role.Assistant, first), new(Role.User, "1/2 or /tmp?")]),
            s_options).Text;
        await Session().RunAsync(new StringReader("Hello\n\n  1/2 or /tmp?\n/exit\nnever"));

        Assert.Equal($"{first}\n{second}\n", _answers.ToString());
        Assert.Equal("note      cut off after 5 tokens, see --max-tokens\n",
            string.Concat(_notes.ToString().Split('\n').Distinct().Select(line => line + "\n")).TrimEnd('\n') + "\n");
    }

    [Fact]
    public async Task Commands_set_the_scene_and_begin_anew()
    {
        string alone = _model.Complete(new Conversation([new(Role.User, "Hello")]), s_options).Text,
            scene = _model.Complete(new Conversation([new(Role.System, "Be kind."), new(Role.User, "Hello")]), s_options).Text;
        await Session().RunAsync(new StringReader("/system\nHello\n/reset\nHello\n/system Be kind.\n/system\nHello\n/dance\n"));

        Assert.Equal($"{alone}\n{alone}\n{scene}\n", _answers.ToString());
        Assert.Contains("system    You are a helpful AI assistant named SmolLM", _notes.ToString(), StringComparison.Ordinal);
        Assert.Contains("system    Be kind.", _notes.ToString(), StringComparison.Ordinal);
        Assert.Contains("there is no command '/dance'", _notes.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_earliest_turns_leave_a_conversation_that_grows_too_long_and_a_question_that_is_too_long_is_not_answered()
    {
        using TinyModel small = new(knowsTools: false, positions: 128);
        using LanguageModel model = small.Open();
        string input = string.Concat(Enumerable.Range(0, 8).Select(i => $"Question number {i}, please.\n")) + string.Concat(Enumerable.Repeat("word ", 200))
            + "\nHello\n";
        await new ChatSession(model, s_options, _answers, _notes, isTerminal: false).RunAsync(new StringReader(input));

        Assert.Contains("the first 2 turns are left out from here on: the model reads 128 tokens", _notes.ToString(), StringComparison.Ordinal);
        Assert.Contains("note      not answered: ", _notes.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("cut off after 5 tokens, see --max-tokens\n", _notes.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_stops_the_answer_and_not_the_conversation()
    {
        using Interrupting answers = new();
        ChatSession session = new(_model, new() { MaxTokens = 300 }, answers, _notes, isTerminal: true);
        Assert.False(session.Interrupt());
        answers.OnText = () => session.Interrupt();
        await session.RunAsync(new StringReader("Hello\nMore\n/exit\n"));

        Assert.Equal("note      stopped\nnote      stopped\n", _notes.ToString());
        Assert.StartsWith("> ", answers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(answers.ToString(), c => char.IsControl(c) && c is not ('\n' or '\t')); // A terminal takes no orders from a model.
    }

    /// <summary>Somebody who has read enough after every piece.</summary>
    private sealed class Interrupting : StringWriter
    {
        public Interrupting() => NewLine = "\n";

        public Action? OnText { get; set; }

        public override Task WriteAsync(string? value)
        {
            OnText?.Invoke();
            return base.WriteAsync(value);
        }
    }

    private ChatSession Session() => new(_model, s_options, _answers, _notes, isTerminal: false);
}
