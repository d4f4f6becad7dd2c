using System.CommandLine;
using TransferLab.ChatData;
using TransferLab.Data;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab chat make</c>: conversations from what an organisation has.</summary>
internal static class ChatMakeCommand
{
    private static readonly Option<string> s_from = new("--from")
    {
        Description = "A .csv, .tsv, .json, .jsonl, .html or SQLite file (.db, .sqlite), or a folder of pages",
        Required = true,
        HelpName = "FILE|DIR",
    };
    private static readonly Option<string> s_out = new("--out")
    {
        Description = "The .jsonl file of messages; FILE.card.json and, of pages that ask nothing, FILE.corpus.txt come beside it",
        Required = true,
        HelpName = "FILE",
    };
    private static readonly Option<string?> s_prompt = new("--prompt")
    {
        Description = "Rows of questions: the question, with columns' names in braces; \\n is a line break",
        HelpName = "TEXT",
    };
    private static readonly Option<string?> s_answer = new("--answer") { Description = "The answer likewise", HelpName = "TEXT" };
    private static readonly Option<string?> s_system = new("--system") { Description = "The same system turn in every conversation", HelpName = "TEXT" };
    private static readonly Option<string?> s_conversation = new("--conversation")
    {
        Description = "Logs: the column that tells conversations apart",
        HelpName = "COLUMN"
    };
    private static readonly Option<string?> s_speaker = new("--speaker") { Description = "Logs: the column of who speaks", HelpName = "COLUMN" };
    private static readonly Option<string?> s_assistant = new("--assistant")
    {
        Description = "Logs: who of them answers; everybody else is the user",
        HelpName = "NAME"
    };
    private static readonly Option<string?> s_time = new("--time")
    {
        Description = "Logs: the column of the time, ISO 8601 or a number; without it the order of the rows stands",
        HelpName = "COLUMN",
    };
    private static readonly Option<string?> s_text = new("--text") { Description = "Logs: the column of what is said", HelpName = "COLUMN" };
    private static readonly Option<string?> s_sql = new("--sql") { Description = "The query on an SQLite file", HelpName = "QUERY" };
    private static readonly Option<string?> s_license = new("--license")
    {
        Description = "What the source may be used for, kept beside the file; asked for at a terminal",
        HelpName = "TEXT",
    };

    public static Command Create() => new Command("make", """
        Makes conversations (messages, one JSON object a line) from tables of questions and answers, logs, HTML pages and SQLite databases, and shows what
        was thrown away and why. Of pages, a heading that asks is a question, and what stands under it its answer. Files of prompt and completion,
        instruction and output or ShareGPT's rows need no columns.

        Examples:
          transferlab chat make --from faq.csv --prompt '{question}' --answer '{answer}' --out faq.jsonl --license CC-BY-4.0
          transferlab chat make --from log.csv --conversation ticket --speaker author --assistant support --time sent --text body --out log.jsonl
          transferlab chat make --from shop.db --sql 'select title, body from articles' --prompt '{title}' --answer '{body}' --out shop.jsonl
          transferlab chat make --from handbook/ --out handbook.jsonl
        """)
    {
        s_from, s_out, s_prompt, s_answer, s_system, s_conversation, s_speaker, s_assistant, s_time, s_text, s_sql, s_license,
    }.Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string from = arguments.GetRequiredValue(s_from), target = arguments.GetRequiredValue(s_out);
        CheckTarget(from, target);
        MadeChat made = Make(from, arguments, cancellation);
        string license = License(arguments.GetValue(s_license), from, target);
        made.Write(target, new ChatCard(from, license));
        Line($"read      {from}: {made.Read:N0} {(IsPages(from) ? "pages" : "rows")}");
        foreach (LeftOut left in made.LeftOut)
        {
            Line($"left out  {left}");
        }

        if (made.Conversations.Count > 0)
        {
            Line($"written   {target}: {made.Conversations.Count:N0} conversations, {made.Conversations.Sum(conversation => conversation.Turns.Count):N0} "
                + $"turns");
        }

        if (made.Corpus.Count > 0)
        {
            Line($"written   {MadeChat.CorpusPath(target)}: {made.Corpus.Count:N0} {(made.Corpus.Count == 1 ? "page" : "pages")} "
                + $"without questions, as plain text");
        }

        Line($"license   {license}: {ChatCard.PathBeside(target)}");
    }

    private static MadeChat Make(string from, ParseResult arguments, CancellationToken cancellation)
    {
        string? prompt = Broken(arguments.GetValue(s_prompt)), answer = Broken(arguments.GetValue(s_answer)), system = Broken(arguments.GetValue(s_system)),
            sql = arguments.GetValue(s_sql);
        bool isLog = Given(arguments, s_conversation, s_speaker, s_assistant, s_time, s_text), isTable = prompt is not null || answer is not null;
        if (IsPages(from))
        {
            Refuse(isLog || isTable || sql is not null || system is not null,
                $"--from {from}: pages have no columns; leave out --prompt, --answer, --system, --sql and the columns of logs.");
            return HtmlQuestions.Read(from, cancellation);
        }

        Refuse(isLog && isTable,
            "--prompt and --answer are for rows of questions, --conversation, --speaker, --assistant, --time and --text for logs; give the ones or the "
                + "others.");
        if (isLog)
        {
            return new LogColumns
            {
                Conversation = Needed(arguments, s_conversation),
                Speaker = Needed(arguments, s_speaker),
                Assistant = Needed(arguments, s_assistant),
                Text = Needed(arguments, s_text),
                Time = arguments.GetValue(s_time),
                System = system,
            }.Make(SourceRows.Read(from, sql), cancellation);
        }

        if (isTable)
        {
            Refuse(prompt is null || answer is null, "rows of questions need both --prompt and --answer.");
            return new QuestionColumns(prompt!, answer!, system).Make(SourceRows.Read(from, sql), cancellation);
        }

        if (Path.GetExtension(from).ToLowerInvariant() is ".json" or ".jsonl" or ".ndjson" && sql is null && system is null)
        {
            IReadOnlyList<Conversation> read = ConversationFile.Read(from);
            return new(read.Count, read, []);
        }

        SourceRow? first = SourceRows.Read(from, sql).FirstOrDefault();
        throw new ArgumentException(
            $"--from {from}: {(first is null ? "there are no rows" : $"its columns are {string.Join(", ", first.Values.Keys)}")}; name the question and the "
                + $"answer by --prompt '{{column}}' and --answer '{{column}}', or a log's columns by --conversation, --speaker, --assistant and --text.");
    }

    private static bool IsPages(string from) => Directory.Exists(from) || HtmlQuestions.IsPage(from);

    private static bool Given(ParseResult arguments, params Option<string?>[] options) => options.Any(option => arguments.GetValue(option) is not null);

    private static string Needed(ParseResult arguments, Option<string?> option) =>
        arguments.GetValue(option)
            ?? throw new ArgumentException($"a log needs {option.Name}; --conversation, --speaker, --assistant and --text belong together.");

    private static void Refuse(bool condition, string message)
    {
        if (condition)
        {
            throw new ArgumentException(message);
        }
    }

    /// <summary>A shell's quotes keep the two characters of a line break.</summary>
    private static string? Broken(string? text) => text?.Replace("\\n", "\n", StringComparison.Ordinal);

    private static void CheckTarget(string from, string target)
    {
        Refuse(!Path.GetExtension(target).Equals(".jsonl", StringComparison.OrdinalIgnoreCase), $"--out {target}: conversations are written as .jsonl.");
        foreach (string written in new[] { target, ChatCard.PathBeside(target), MadeChat.CorpusPath(target) })
        {
            Refuse(Path.GetFullPath(written) == Path.GetFullPath(from),
                $"--out {target}: {(written == target ? "is" : $"{written} would be written too, which is")} what conversations are made from, which is never "
                    + "overwritten; name another.");
        }
    }

    private static string License(string? given, string from, string target)
    {
        if (!string.IsNullOrWhiteSpace(given))
        {
            return given.Trim();
        }

        if (ChatCard.Read(target) is { } before && before.Source == from && before.License != ChatCard.Unknown)
        {
            return before.License; // Said once.
        }

        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            return ChatCard.Unknown;
        }

        Console.Out.Write($"What may {from} be used for? Its licence, or Enter for unknown: ");
        return Console.In.ReadLine() is { } answer && !string.IsNullOrWhiteSpace(answer) ? answer.Trim() : ChatCard.Unknown;
    }

    private static void Line(InvariantText text) => Console.Out.WriteLine(text.ToString());
}
