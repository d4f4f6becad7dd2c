using System.CommandLine;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab chat</c>: a conversation with a language model; below it, conversations as data, from raw files to a checked set.</summary>
internal static class ChatCommand
{
    /// <summary>What shells give for a program that Ctrl-C ended.</summary>
    private const int Interrupted = 130;

    private static readonly LanguageModelOptions s_model = new();
    private static readonly GenerationFlags s_generation = new();
    private static readonly Option<string?> s_system = new("--system")
    {
        Description = "The system turn; the template's own where not given",
        HelpName = "TEXT",
    };

    public static Command Create() => new Command("chat", """
        A conversation with a language model, in the terminal; where the input is no terminal, every line of it is a turn, and answers alone go to the output.
        Ctrl-C stops an answer, and ends the program where there is none. /reset begins anew, /system TEXT sets the scene, /exit ends.

        And conversations to tune a language model on: made from tables, logs, pages and databases, and checked before a second of training is spent.

        Examples:
          transferlab chat --model smollm2_135m_instruct --data-root ~/data
          echo 'What is the capital of France?' | transferlab chat --model model.gguf --system 'Answer in one sentence.'
          transferlab chat make --from faq.csv --prompt '{question}' --answer '{answer}' --out faq.jsonl
          transferlab chat check faq.jsonl --for local
        """)
    {
        ChatCheckCommand.Create(),
        ChatMakeCommand.Create(),
        ChatShowCommand.Create(),
        ChatHardCommand.Create(),
        ChatTuneCommand.Create(),
    }.With([.. s_model.All, s_system, .. s_generation.All]).Does(Run).HandlesInterrupts();

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        GenerationOptions options = s_generation.Read(arguments);
        (LanguageModel model, ModelSource source) = s_model.Open(arguments, cancellation);
        using LanguageModel opened = model;
        options = s_generation.Of(options, model, arguments);
        bool isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        foreach (string line in LanguageModelOptions.Describe(model, source, options))
        {
            Console.Error.WriteLine(line);
        }

        ChatSession session = new(model, options, Console.Out, Console.Error, isTerminal) { System = arguments.GetValue(s_system) };
        void Interrupt(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            if (!session.Interrupt())
            {
                Environment.Exit(Interrupted); // The line that is waited for never comes.
            }
        }

        Console.CancelKeyPress += Interrupt;
        try
        {
            session.RunAsync(Console.In).GetAwaiter().GetResult();
        }
        finally
        {
            Console.CancelKeyPress -= Interrupt;
        }
    }
}
