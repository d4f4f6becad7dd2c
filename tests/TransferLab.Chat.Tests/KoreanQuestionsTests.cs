using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Retrieval;
using TransferLab.Training;

namespace TransferLab.Chat.Tests;

/// <summary>Questions and documents in Korean, of a town that there is not, on the same path as English ones.</summary>
public sealed class KoreanQuestionsTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Korean");

    [Fact]
    public void Passages_are_found_by_words_with_particles_and_right_answers_are_told()
    {
        QuestionSet data = QuestionSet.Read(s_folder);
        DocumentPassages read = DocumentReader.Read(Path.Combine(s_folder, "documents"));
        using PassageIndex index = new();
        index.Add(read.Passages);
        ComparisonResults results = new AnswerComparer(data, tiny.Folder, new()
        {
            Ways = [.. new[] { "prompt", "rag", "oracle", "shuffled", "nearest" }.Select(AnswerWay.Find)],
            AnswerTokens = 4,
            Passages = 1,
            Documents = read.Passages,
            Retriever = index.Bm25,
            Compute = ComputeDevice.Choose("cpu", "float32"),
        }).Run();

        StrategyResult Row(string name) => results.Strategies.First(row => row.Name == name);
        Assert.Equal((4, 6, 3), (data.Train.Count, data.Test.Count, read.Documents));
        Assert.True(Row("rag").Cost!.Found >= 5.0 / 6, $"Found for {Row("rag").Cost!.Found}.");
        Assert.Equal((1.0, 0.0), (Row("oracle").Cost!.Found!.Value, Row("shuffled").Cost!.Found!.Value));
        Assert.Contains(results.Warnings, warning => warning.Contains("another language than English", StringComparison.Ordinal));
        AnswerScorer scorer = AnswerScorer.For(data.Test.Select(question => question.Reference));
        Assert.All(data.Test, question => Assert.Equal(1, scorer.Score(question.Reference, question.Right).Contains));
    }
}
