using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;

namespace TransferLab.Retrieval;

/// <summary>Runs of Thai, Lao, Khmer or Burmese letters, which Lucene's tokenizer gives whole, as pairs of neighbouring characters.</summary>
internal sealed class SouthEastAsianPairs : TokenFilter
{
    private const string Kind = "<SOUTHEAST_ASIAN>";
    private readonly ICharTermAttribute _term;
    private readonly ITypeAttribute _type;
    private string _run = "";
    private int _at;

    public SouthEastAsianPairs(TokenStream input) : base(input) => (_term, _type) = (AddAttribute<ICharTermAttribute>(), AddAttribute<ITypeAttribute>());

    public override bool IncrementToken()
    {
        if (_at + 2 > _run.Length)
        {
            if (!m_input.IncrementToken())
            {
                return false;
            }

            if (_type.Type != Kind || _term.Length <= 2)
            {
                return true;
            }

            (_run, _at) = (_term.ToString(), 0);
        }

        _term.SetEmpty().Append(_run.Substring(_at++, 2));
        return true;
    }

    public override void Reset()
    {
        base.Reset();
        (_run, _at) = ("", 0);
    }
}
