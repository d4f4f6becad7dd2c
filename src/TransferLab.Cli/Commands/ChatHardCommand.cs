using System.CommandLine;
using System.Globalization;
using System.Text;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Runtime;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab chat hard</c>: the rows that a model gets wrong as it is.</summary>
internal static class ChatHardCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "Questions with their answers, one a line: .jsonl" };
    private static readonly LanguageModelOptions s_model = new();
    private static readonly Option<int> s_tokens = new Option<int>("--answer-tokens")
    {
        Description = "Most tokens of an answer",
        DefaultValueFactory = _ => 128,
        HelpName = "N",
    }.Within(1, 1 << 16);
    private static readonly Option<string> s_out = new("--out")
    {
        Description = "Receives the rows that were answered wrong, as they stand in FILE",
        HelpName = "FILE2",
        Required = true,
    };

    public static Command Create() => new Command("hard", """
        Asks a model every question of a file as it is, and writes the rows that it gets wrong: what tuning should teach. A row is right where one of its 'answers'
        stands in what was answered, and without 'answers' where half of the words do.

        Example:
          transferlab chat hard faq.jsonl --model smollm2_135m_instruct --out hard.jsonl
        """)
    {
        s_file, s_tokens, s_out,
    }.With(s_model.All).Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        string file = arguments.GetRequiredValue(s_file), target = arguments.GetRequiredValue(s_out);
        foreach (string path in new[] { file, target }.Where(path => !Path.GetExtension(path).Equals(".jsonl", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ArgumentException($"{path}: rows are copied as they are, one a line; name a .jsonl file.");
        }

        new Inputs().Add("FILE", file).CheckFile("--out", target, _ => true);
        OutputPlace.CheckWritable($"--out {target}", Path.GetDirectoryName(Path.GetFullPath(target))!);

        (LanguageModel model, ModelSource source) = s_model.Open(arguments, cancellation);
        using LanguageModel opened = model;
        double said = 0;
        IReadOnlyList<AskedQuestion> asked = HardQuestions.Ask(file, model, arguments.GetValue(s_tokens), new ImmediateProgress<double>(share =>
        {
            if (share - said >= 0.1)
            {
                said = share;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"asked {100 * share:0} %"));
            }
        }), cancellation);
        HashSet<int> wrong = [.. asked.Where(question => !question.IsRight).Select(question => question.Question.Prompt.Line)];
        if (wrong.Count == 0)
        {
            throw new DataException($"{file}: {source.Name} answers all {asked.Count} questions right, so that there is nothing to write.");
        }

        string[] rows = [.. File.ReadLines(file).Where((_, i) => wrong.Contains(i + 1))];
        WholeFile.Write(target, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => row + "\n")))));
        Console.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{target}: {rows.Length:N0} of {asked.Count:N0} rows, which {source.Name} answers wrong as it is"));
    }
}
