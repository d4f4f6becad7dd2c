using System.CommandLine;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab chat</c>: conversations, from raw files to a checked set.</summary>
internal static class ChatCommand
{
    public static Command Create() => new("chat", """
        Conversations to tune a language model on: made from tables, logs, pages and databases, and checked before a second of training is spent.

        Examples:
          transferlab chat make --from faq.csv --prompt '{question}' --answer '{answer}' --out faq.jsonl
          transferlab chat check faq.jsonl --for local
        """)
    {
        ChatCheckCommand.Create(),
        ChatMakeCommand.Create(),
    };
}
