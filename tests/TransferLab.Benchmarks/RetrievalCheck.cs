using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Retrieval;

namespace TransferLab.Benchmarks;

/// <summary>How often the paragraph that answers a question is found, on a file in SQuAD's layout: by words, by meaning, by both.</summary>
internal static class RetrievalCheck
{
    public static void Run(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        List<Passage> passages = [];
        List<(string, IReadOnlyCollection<string>)> questions = [];
        foreach (JsonElement paragraph in document.RootElement.GetProperty("data").EnumerateArray()
            .SelectMany(article => article.GetProperty("paragraphs").EnumerateArray()))
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{passages.Count}");
            passages.Add(new(id, file, paragraph.GetProperty("context").GetString()!));
            questions.AddRange(paragraph.GetProperty("qas").EnumerateArray()
                .Select(question => (question.GetProperty("question").GetString()!, (IReadOnlyCollection<string>)[id])));
        }

        using BackboneEmbeddings embeddings = new(MiniLM.English(512));
        using PassageIndex index = new(new() { Embeddings = embeddings });
        long start = Stopwatch.GetTimestamp();
        index.Add(passages);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{passages.Count} paragraphs indexed in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, {questions.Count} questions"));
        Console.WriteLine("         first  of 3   of 5   reciprocal rank  ms a question");
        foreach (IPassageRetriever retriever in (IPassageRetriever[])[index.Bm25, index.Dense!, index.Fused!])
        {
            start = Stopwatch.GetTimestamp();
            RetrievalQuality quality = RetrievalQuality.Of(retriever, questions, 1, 3, 5);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{retriever.Name,-8} {quality.Recall[1]:.000}   {quality.Recall[3]:.000}   {quality.Recall[5]:.000}  {quality.MeanReciprocalRank:.000}        "
                    + $"     {Stopwatch.GetElapsedTime(start).TotalMilliseconds / questions.Count:0.0}"));
        }
    }
}
