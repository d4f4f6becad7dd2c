using TransferLab.Data;
using TransferLab.Models;

namespace TransferLab.Comparison;

/// <summary>Finds the questions that a model gets wrong as it is: tuning on these alone teaches more a row than tuning on what it knew before.</summary>
public static class HardQuestions
{
    private const double Enough = 0.5; // Words in common from which on a whole answer counts as right.

    /// <summary>Asks every question of a file.</summary>
    /// <param name="path">As <see cref="QuestionSet.Read"/> takes one file.</param>
    /// <param name="model">Answers greedily; a model with a chat template.</param>
    /// <param name="answerTokens">Most tokens of an answer.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops between answers.</param>
    /// <returns>Every question with what was answered, in the order of the file.</returns>
    /// <exception cref="DataException">The file cannot be used: one line.</exception>
    public static IReadOnlyList<AskedQuestion> Ask(string path, LanguageModel model, int answerTokens = 128, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        IReadOnlyList<Question> questions = QuestionFile.Read(path).Questions;
        AnswerScorer scorer = AnswerScorer.For(questions.SelectMany(question => new[] { question.Text, question.Reference }));
        List<AskedQuestion> asked = [];
        foreach (Question question in questions)
        {
            cancellation.ThrowIfCancellationRequested();
            bool fits = model.CountPrompt(question.Prompt) < model.MaxTokens;
            string answer = fits ? model.Complete(question.Prompt, new() { MaxTokens = answerTokens }, cancellation).Text : "";
            AnswerScore score = scorer.Score(answer, question.Right, question.Unanswerable);
            asked.Add(new(question, answer, fits && (question.Answers.Count > 0 || question.Unanswerable ? score.Contains == 1 : score.F1 >= Enough)));
            progress?.Report((double)asked.Count / questions.Count);
        }

        return asked;
    }
}
