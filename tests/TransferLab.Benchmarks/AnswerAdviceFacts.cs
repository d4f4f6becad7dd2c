using System.Diagnostics;
using System.Globalization;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Comparison.Advice;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Reporting;
using TransferLab.Retrieval;
using TransferLab.Training;
using Passage = TransferLab.Data.Passage;

namespace TransferLab.Benchmarks;

/// <summary>
/// Measures what advice on answers is checked by: small worlds of several seeds whose facts stand in documents, the same without documents, and tasks in which
/// only the style of the answer is to be learnt. Each is looked at as <c>advise --chat</c> looks, and then compared.
/// </summary>
internal static class AnswerAdviceFacts
{
    private const int Questions = 30, StyleRows = 60, AnswerTokens = 16;
    private static readonly string[] s_kinds = ["documents", "no documents", "style"];

    /// <param name="file">Receives the facts; those that it has are kept, so that a stopped run goes on.</param>
    /// <param name="seeds">How many worlds of each kind.</param>
    public static void Run(string file, int seeds)
    {
        List<AnswerFact> facts = File.Exists(file) ? [.. AnswerFacts.Read(file)] : [];
        foreach ((int seed, string kind) in Enumerable.Range(1, seeds).SelectMany(seed => s_kinds.Select(kind => (seed, kind))))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{kind}, world {seed}");
            if (facts.All(fact => fact.Data != name))
            {
                long start = Stopwatch.GetTimestamp();
                facts.Add(Measure(name, kind, seed));
                AnswerFacts.Write(facts, file);
                string scores = string.Join(", ", facts[^1].Scores.Select(way => $"{way.Key} {Figures.Percent(way.Value.Average())}"));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {scores} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0} s)"));
            }
        }

        Console.WriteLine();
        Console.WriteLine(AdviceText.Of(AnswerAdviceCheck.Of(facts)));
    }

    private static AnswerFact Measure(string name, string kind, int seed)
    {
        string folder = Directory.CreateTempSubdirectory("answer-advice-").FullName;
        try
        {
            SmallWorldTask.Write(folder, seed, Questions);
            QuestionSet data = kind == "style" ? Style(seed) : QuestionSet.Read(folder);
            using PassageIndex index = new();
            IReadOnlyList<Passage> documents = kind == "documents" ? DocumentReader.Read(Path.Combine(folder, SmallWorldTask.Documents)).Passages : [];
            index.Add(documents);
            IPassageRetriever? retriever = documents.Count > 0 ? index.Bm25 : null;
            ComputeDevice compute = ComputeDevice.Choose("cpu", "float32");
            AnswerEvidence seen;
            using (LanguageModel model = LanguageModel.Open(SmallWorld.Folder(), compute))
            {
                seen = new AnswerMeter(data, documents, retriever).Look(model, FactChange.Unknown);
            }

            string[] ways = [.. documents.Count > 0 ? ["prompt", "few-shot", "rag", "lora", "lora+rag", "raft+rag"] : (string[])["prompt", "few-shot", "lora"]];
            AnswerOptions options = new()
            {
                Ways = [.. ways.Select(AnswerWay.Find)],
                AnswerTokens = AnswerTokens,
                Documents = documents,
                Retriever = retriever,
                Compute = compute,
                TuningCompute = compute,
                Command = "dotnet run -c Release --project tests/TransferLab.Benchmarks -- answer-advice FILE",
            };
            return AnswerFacts.Of(name, data, new AnswerComparer(data, SmallWorld.Folder(), options).Run(), seen);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Questions of a world whose answer tells what kind of thing is asked about, in a manner that nobody would guess: no document knows it.</summary>
    private static QuestionSet Style(int seed)
    {
        Question[] Rows(bool held, int count) =>
        [
            .. new SmallWorldGenerator(seed, held).Questions().Where(row => row.IsAnswerable).Take(count).Select((row, i) => new Question
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"{(held ? "test" : "train")} {i + 1}"),
                Prompt = new([new(Role.User, row.Question)]),
                Reference = $"Well, friend, you ask of a {row.Kind}.",
                Answers = [$"you ask of a {row.Kind}"],
                Fact = row.Fact,
            }),
        ];
        return QuestionSet.Of("style", Rows(held: false, StyleRows), Rows(held: true, Questions));
    }
}
