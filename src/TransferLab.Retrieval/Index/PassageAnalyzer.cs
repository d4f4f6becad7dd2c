using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Cjk;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.Miscellaneous;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;

namespace TransferLab.Retrieval;

/// <summary>
/// The terms of a text, by its scripts: words by Unicode's rules (UAX #29) in lower case and without accents, in English stemmed (Porter 1980) and without its
/// commonest
/// words; Chinese, Japanese and Korean, and the scripts of South-East Asia, as pairs of neighbouring characters.
/// </summary>
internal sealed class PassageAnalyzer(bool isEnglish) : Analyzer
{
    public const LuceneVersion Version = LuceneVersion.LUCENE_48;

    /// <summary>The terms in their order, repeated ones included.</summary>
    public IReadOnlyList<string> Terms(string text)
    {
        List<string> terms = [];
        using TokenStream stream = GetTokenStream("text", new StringReader(text));
        ICharTermAttribute term = stream.GetAttribute<ICharTermAttribute>();
        stream.Reset();
        while (stream.IncrementToken())
        {
            terms.Add(term.ToString());
        }

        stream.End();
        return terms;
    }

    protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader)
    {
        StandardTokenizer words = new(Version, reader);
        TokenStream terms = new SouthEastAsianPairs(new CJKBigramFilter(new LowerCaseFilter(Version, new CJKWidthFilter(words))));
        if (isEnglish)
        {
            terms = new PorterStemFilter(new StopFilter(Version, new EnglishPossessiveFilter(Version, terms), StopAnalyzer.ENGLISH_STOP_WORDS_SET));
        }

        return new(words, new ASCIIFoldingFilter(terms));
    }
}
