using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using Spectre.Console;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Runtime;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab chat show</c>: what of conversations is trained, before a second is spent.</summary>
internal static class ChatShowCommand
{
    private const int UsualRows = 20;
    private static readonly Argument<string> s_file = new("FILE") { Description = "Conversations: .jsonl or .json" };
    private static readonly Option<string?> s_model = new("--model")
    {
        Description = $"The language model whose template and tokens are shown: {ModelResolver.Grammar}",
        HelpName = "M",
    };
    private static readonly Option<string?> s_root = new("--data-root")
    {
        Description = $"Where catalogued files lie; {Catalog.RootVariable} where not given",
        HelpName = "DIR",
    };
    private static readonly Option<string> s_rows = new("--rows")
    {
        Description = "How many conversations, or all",
        DefaultValueFactory = _ => UsualRows.ToString(CultureInfo.InvariantCulture),
        HelpName = "N|all",
    };
    private static readonly Option<string?> s_html = new("--html") { Description = "Also as a page", HelpName = "FILE" };

    public static Command Create() => new Command("show", """
        Shows conversations as a model reads them, template and all, with what is trained marked: in green, and between [[ and ]] where there are no colours.

        Examples:
          transferlab chat show faq.jsonl --model smollm2_135m_instruct
          transferlab chat show faq.jsonl --model model.gguf --rows all --html faq.html
        """)
    {
        s_file, s_model, s_root, s_rows, s_html,
    }.Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string file = arguments.GetRequiredValue(s_file), given = arguments.GetRequiredValue(s_rows);
        int rows = given == "all" ? int.MaxValue
            : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
                ? count
                : throw new ArgumentException($"--rows {given}: give a number above 0, or all.");
        string model = LanguageOptions.Locate(
            arguments.GetValue(s_model) ?? throw new ArgumentException("--model: name the language model whose template and tokens are shown."),
                arguments.GetValue(s_root), cancellation);
        if (arguments.GetValue(s_html) is { } page)
        {
            OutputFile.CheckModel("--html", page, new Inputs().Add("FILE", file).Add("--model", model), ".html");
        }

        IReadOnlyList<Conversation> conversations = ConversationFile.Read(file);
        LanguageModelTrainer trainer = new(model);
        ChatEncoder chat = trainer.Chat ?? throw new ArgumentException($"--model {arguments.GetValue(s_model)}: has no chat template.");
        Conversation[] shown = [.. conversations.Take(rows)];
        StringBuilder html = new();
        foreach (Conversation conversation in shown)
        {
            cancellation.ThrowIfCancellationRequested();
            ChatTokens tokens = chat.Encode(conversation);
            string head = string.Create(CultureInfo.InvariantCulture, $"line {conversation.Line}: {tokens.Ids.Length} tokens, {tokens.TrainedCount} trained");
            Terminal(head, Runs(tokens, chat.Tokenizer));
            html.Append(CultureInfo.InvariantCulture, $"<h2>{WebUtility.HtmlEncode(head)}</h2>\n<pre>");
            foreach ((string text, bool trained) in Runs(tokens, chat.Tokenizer))
            {
                html.Append(trained ? $"<mark>{WebUtility.HtmlEncode(text)}</mark>" : WebUtility.HtmlEncode(text));
            }

            html.Append("</pre>\n");
        }

        Console.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{shown.Length:N0} of {conversations.Count:N0} conversations; template {chat.Template.Name}"));
        if (arguments.GetValue(s_html) is { } target)
        {
            byte[] content = Encoding.UTF8.GetBytes(Page(Path.GetFileName(file), html.ToString()));
            WholeFile.Write(target, stream => stream.Write(content));
            Console.Out.WriteLine($"page: {target}");
        }
    }

    /// <summary>The text in runs that are trained or not.</summary>
    private static List<(string Text, bool Trained)> Runs(ChatTokens tokens, TextTokenizer tokenizer)
    {
        List<(string, bool)> runs = [];
        for (int first = 0; first < tokens.Ids.Length;)
        {
            bool trained = tokens.Trained[first];
            int last = first;
            while (last < tokens.Ids.Length && tokens.Trained[last] == trained)
            {
                last++;
            }

            runs.Add((tokenizer.Decode(tokens.Ids[first..last], skipSpecialTokens: false), trained));
            first = last;
        }

        return runs;
    }

    private static void Terminal(string head, IEnumerable<(string Text, bool Trained)> runs)
    {
        bool hasColours = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
        Console.Out.WriteLine($"--- {head}");
        if (hasColours)
        {
            AnsiConsole.Markup(string.Concat(runs.Select(run => run.Trained ? $"[green]{Markup.Escape(run.Text)}[/]" : $"[grey]{Markup.Escape(run.Text)}[/]")));
            Console.Out.WriteLine();
            return;
        }

        Console.Out.WriteLine(string.Concat(runs.Select(run => run.Trained ? $"[[{run.Text}]]" : run.Text)).TrimEnd('\n'));
    }

    private static string Page(string name, string body) => $$$"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>What is trained of {{{WebUtility.HtmlEncode(name)}}}</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}h2{font-size:1rem}pre{white-space:pre-wrap;color:#666}mark{background:#d7f5dd;color:#0a5c1f}
        @media(prefers-color-scheme:dark){body{background:#111;color:#ddd}pre{color:#999}mark{background:#153d1f;color:#9be8ac}}</style></head>
        <body><h1>What is trained of {{{WebUtility.HtmlEncode(name)}}}</h1>
        <p>As the model reads it, template included. Marked: what it learns to write.</p>
        {{{body}}}</body></html>

        """;
}
