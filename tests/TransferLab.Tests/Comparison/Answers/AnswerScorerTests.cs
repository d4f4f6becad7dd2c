using TransferLab.Comparison;

namespace TransferLab.Tests.Comparison.Answers;

/// <summary>Scores of answers against values worked out by hand.</summary>
public sealed class AnswerScorerTests
{
    private static readonly AnswerScorer s_english = new(isEnglish: true), s_other = new(isEnglish: false);

    [Theory]
    [InlineData("The Eiffel Tower.", "eiffel tower", 1, 1, 1)]
    [InlineData("in the year 1953", "1953", 0, 1, 0.5)] // 1 common of 3 and 1 ("the" is dropped): 2 * 1 / (3 + 1).
    [InlineData("It was built in 19530.", "1953", 0, 0, 0)]
    [InlineData("a cat and a cat", "cat", 0, 1, 0.5)] // Bags: the second "cat" has no partner: 2 * 1 / (3 + 1).
    [InlineData("cat cat", "cat cat dog", 0, 0, 0.8)] // 2 * 2 / (2 + 3).
    [InlineData("U.S.A.", "USA", 1, 1, 1)]
    [InlineData("$1,000", "1000", 1, 1, 1)]
    [InlineData("category", "cat", 0, 0, 0)]
    [InlineData("1990–95", "1990 95", 0, 0, 0)] // SQuAD's rules drop ASCII punctuation alone.
    public void Answers_in_English_are_scored_by_SQuAD_s_rules(string answer, string right, double exact, double contains, double f1)
    {
        AnswerScore score = s_english.Score(answer, [right]);

        Assert.Equal((exact, contains), (score.ExactMatch, score.Contains));
        Assert.Equal(f1, score.F1, 1e-12);
    }

    [Fact]
    public void The_best_of_several_right_answers_counts_for_each_measure()
    {
        AnswerScore score = s_english.Score("Denver Broncos", ["Broncos of Denver, Colorado", "Broncos", "The Denver Broncos!"]);
        Assert.Equal((1, 1, 1, 0.8), (score.ExactMatch, score.Contains, score.F1, score.RougeL)); // ROUGE-L counts the article: 2 * 2 / (2 + 3).

        // No exact match; F1 with the second is 2 * 1 / (3 + 1), with the first 2 * 2 / (3 + 4).
        score = s_english.Score("Broncos from Denver", ["Broncos of Denver, Colorado", "Broncos"]);
        Assert.Equal((0, 1), (score.ExactMatch, score.Contains));
        Assert.Equal(4.0 / 7, score.F1, 1e-12);
    }

    [Fact]
    public void Articles_are_words_of_other_languages()
    {
        Assert.Equal(1, s_english.Score("a Roma", ["Roma"]).ExactMatch);
        Assert.Equal(0, s_other.Score("a Roma", ["Roma"]).ExactMatch);
        Assert.Equal(1, s_other.Score("«Roma»", ["Roma"]).ExactMatch);
    }

    [Fact]
    public void Korean_is_scored_by_words_and_by_characters()
    {
        AnswerScore score = s_other.Score("서울에서 열렸다", ["서울"]);

        Assert.Equal((0, 0, 1), (score.ExactMatch, score.F1, score.Contains)); // No word is the same, and the particle hides none.
        Assert.Equal(2.0 * 2 / (7 + 2), score.CharacterF1, 1e-12);

        score = s_other.Score("세종 대왕", ["세종대왕"]);
        Assert.Equal((0, 1, 1), (score.ExactMatch, score.CharacterExactMatch, score.CharacterF1));
        Assert.Equal(0, score.F1);

        Assert.Equal(0, s_other.Score("11443년", ["1443년"]).Contains); // Numbers are not cut.
        Assert.Equal(1, s_other.Score("한글은 1443년에", ["1443년"]).Contains);
    }

    [Fact]
    public void Scripts_without_blanks_are_scored_character_by_character()
    {
        Assert.Equal(2.0 * 2 / (3 + 2), s_other.Score("北京市", ["北京"]).F1, 1e-12);
        Assert.Equal(1, s_other.Score("东京。", ["东京"]).ExactMatch);
        Assert.Equal(2.0 * 3 / (4 + 3), s_other.Score("iPhone 15年代", ["iPhone 15年"]).F1, 1e-12); // Words of Latin letters stay whole.
        Assert.Equal(2.0 * 2 / (3 + 2), s_other.Score("กรุง", ["กรุ"]).F1, 1e-12); // Thai: marks stay with their letters.
        Assert.Equal(1, s_other.Score("ที่", ["ที่"]).Words);
    }

    [Fact]
    public void ROUGE_L_minds_the_order()
    {
        // Lin (2004): "police killed the gunman" against "police kill the gunman" 3/4, and against "the gunman kill police" 2/4.
        Assert.Equal(0.75, s_english.Score("police kill the gunman", ["police killed the gunman"]).RougeL, 1e-12);
        Assert.Equal(0.5, s_english.Score("the gunman kill police", ["police killed the gunman"]).RougeL, 1e-12);
    }

    [Theory]
    [InlineData("I don't know.", true)]
    [InlineData("I’m not sure who that was.", true)]
    [InlineData("I am unable to find this in the handbook.", true)]
    [InlineData("The passage does not say who built it.", true)]
    [InlineData("It is not mentioned in the text.", true)]
    [InlineData("The answer is not given.", true)]
    [InlineData("This question cannot be answered from the passages.", true)]
    [InlineData("Unanswerable", true)]
    [InlineData("N/A", true)]
    [InlineData("  ", true)]
    [InlineData("죄송하지만 알 수 없습니다.", true)]
    [InlineData("문서에 나와 있지 않습니다.", true)]
    [InlineData("잘 모르겠어요", true)]
    [InlineData("the Unknown Soldier", false)]
    [InlineData("Information theory", false)]
    [InlineData("He did not know the Queen of England.", false)]
    [InlineData("Denver. I do not know more.", false)] // Answered first.
    [InlineData("no", false)]
    [InlineData("세종대왕", false)]
    public void Refusals_are_known_by_their_first_sentence(string answer, bool isRefusal) =>
        Assert.Equal(isRefusal, s_english.Score(answer, ["Denver"]).IsRefusal);

    [Fact]
    public void Declining_is_right_where_nothing_answers_and_wrong_where_something_does()
    {
        AnswerScore right = s_english.Score("The document does not mention it.", [], isUnanswerable: true),
            wrong = s_english.Score("In 1953", [], isUnanswerable: true);
        Assert.Equal((1, 1, 1, true), (right.ExactMatch, right.F1, right.Contains, right.IsRefusal));
        Assert.Equal((0, 0, 0, false), (wrong.ExactMatch, wrong.F1, wrong.Contains, wrong.IsRefusal));
        // The words that the rows use themselves.
        Assert.Equal(1, s_english.Score("Please ask the front desk", ["Ask the front desk."], isUnanswerable: true).F1);
        Assert.True(s_english.Score("I don't know", ["1953"]) is { ExactMatch: 0, F1: 0, IsRefusal: true });
    }

    [Fact]
    public void An_answerable_question_needs_a_right_answer()
    {
        Assert.Contains("give at least one", Assert.Throws<ArgumentException>(() => s_english.Score("x", [])).Message, StringComparison.Ordinal);
        Assert.True(s_english.Score("The", ["a"]) is { ExactMatch: 1, Contains: 1, F1: 1 }); // Both are empty after normalisation: alike.
        Assert.Equal([1, 0], new[] { "The answer is A.", "The answer is B." }.Select(answer => s_english.Score(answer, ["A"]).Contains));
        Assert.Equal(0, s_english.Score("\uD800 Rome", ["Rome"]).ExactMatch); // Half a pair is a character, not an error.
    }

    [Fact]
    public void English_is_known_by_its_commonest_words()
    {
        Assert.True(AnswerScorer.For(["What is the capital of France?", "Paris"]).IsEnglish);
        Assert.False(AnswerScorer.For(["Was ist die Hauptstadt von Frankreich?", "Paris"]).IsEnglish);
        Assert.False(AnswerScorer.For(["한글은 누가 만들었습니까?", "세종대왕"]).IsEnglish);
        Assert.False(AnswerScorer.For([]).IsEnglish);
    }

    [Fact]
    public void Grounded_is_what_stands_in_the_passages()
    {
        Assert.Equal(0.5, s_english.Groundedness("It was built by Eiffel", ["Gustave Eiffel's tower: Eiffel was an engineer."])); // "built" is not there.
        Assert.Null(s_english.Groundedness("It was the", ["anything"]));
    }
}
