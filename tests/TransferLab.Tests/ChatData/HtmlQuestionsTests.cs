using TransferLab.ChatData;
using TransferLab.Data;
using TransferLab.Tests.Data.Conversations;

namespace TransferLab.Tests.ChatData;

public sealed class HtmlQuestionsTests : IDisposable
{
    private const string Faq = """
        <html><head><title>FAQ</title><script>var x = 1;</script><style>p { color: red }</style></head><body>
        <header><a href="/">Shop</a></header><nav><ul><li><a href="#">Home?</a></li></ul></nav><div class="main sidebar"><h2>What is in the menu?</h2><p>No.</p></div>
        <h1>Help</h1><p>Welcome.</p>
        <h2>How long does delivery take?</h2><p>It depends on the <b>country</b>:</p>
        <table><caption>Times</caption><tr><th>Country</th><th>Days</th></tr><tr><td>Germany</td><td>2</td></tr></table>
        <h3>Express</h3><p>One day.<br>Really.</p>
        <h2>How to return a parcel</h2><ol><li>Pack it</li><li>Send it</li></ol><pre>a  b
        c</pre>
        <h2>Nothing here?</h2>
        <h2>Contact</h2><p>Write us.</p>
        <details><summary>Can I pay by card?</summary><p>Yes, you can.</p></details><p>After</p>
        <dl><dt>Do you ship abroad?</dt><dd>Yes.</dd></dl>
        <p><strong>Where are you?</strong></p><p>In Bonn.</p>
        <footer>(c) Shop</footer></body></html>
        """;

    private readonly ChatText _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_heading_that_asks_is_a_question_and_what_stands_under_it_the_answer()
    {
        MadeChat made = HtmlQuestions.Read(_files.Write("faq.html", Faq));
        Assert.Equal(
            [
                ("How long does delivery take?",
                    "It depends on the country:\n\nTimes\n| Country | Days |\n| --- | --- |\n| Germany | 2 |\n\nExpress\n\nOne day.\nReally."),
                ("How to return a parcel", "1. Pack it\n2. Send it\n\n```\na  b\nc\n```"),
                ("Can I pay by card?", "Yes, you can."),
                ("Do you ship abroad?", "Yes."),
                ("Where are you?", "In Bonn."),
            ],
            made.Conversations.Select(conversation => (conversation.Turns[0].Content, conversation.Turns[1].Content)));
        Assert.Empty(made.Corpus);
        Assert.Contains(made.LeftOut, left => left.Reason == "questions with nothing under them"
            && left.Places[0].EndsWith("Nothing here?", StringComparison.Ordinal));
        Assert.Contains(made.LeftOut, left => left.Reason == "pages with texts outside of their questions");
    }

    [Fact]
    public void A_folder_is_read_whole_and_pages_that_ask_nothing_become_a_corpus()
    {
        Directory.CreateDirectory(Path.Combine(_files.Folder, "site", "sub"));
        _files.Write("site/a.html", Faq);
        _files.Write("site/sub/about.htm", "<body><nav>x</nav><h1>About us</h1><p>We sell   things.<p>Since 1990.<footer>f</footer>");
        _files.Write("site/copy.html", Faq);
        _files.Write("site/logo.png", "x");
        _files.Write("site/empty.html", "<body><nav>only a menu</nav></body>");
        MadeChat made = HtmlQuestions.Read(Path.Combine(_files.Folder, "site"));
        Assert.Equal((4, 5), (made.Read, made.Conversations.Count));
        Assert.Equal(["About us\n\nWe sell things.\n\nSince 1990."], made.Corpus);
        Assert.Contains(made.LeftOut, left => left is { Reason: "questions that repeat another with its answer", Count: 5 });
        Assert.Contains(made.LeftOut, left => left is { Reason: "files that are no pages", Count: 1 });
        Assert.Contains(made.LeftOut, left => left is { Reason: "pages without text", Count: 1 });

        string path = Path.Combine(_files.Folder, "site.jsonl");
        made.Write(path, new("site", "CC-BY-4.0"));
        Assert.Equal(made.Corpus[0] + "\n", File.ReadAllText(Path.Combine(_files.Folder, "site.corpus.txt")));
        Assert.True(ChatCheck.Run(path, new() { Host = ChatHost.Local }).IsUsable);
    }

    [Theory]
    [InlineData("Is it?", true)]
    [InlineData("What is a router", true)]
    [InlineData("배송은 얼마나 걸리나요?", true)]
    [InlineData("返品できますか？", true)]
    [InlineData("Contact", false)]
    [InlineData("Whatever happens", false)]
    [InlineData("?", false)]
    public void A_question_is_told_by_its_mark_or_its_first_words(string heading, bool asks) => Assert.Equal(asks, HtmlQuestions.IsQuestion(heading));

    [Fact]
    public void Bytes_of_another_charset_than_the_page_says_are_refused()
    {
        _files.Write("bytes.html", [0xFF, 0x00, 0x3C, 0x80, 0x3E, 0x3C, 0x68, 0x31]);
        string message = Assert.Throws<DataException>(() => HtmlQuestions.Read(_files.Folder)).Message;
        Assert.Contains("bytes that are not UTF-8", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Breaks_scripts_and_list_marks_are_kept_apart_from_words()
    {
        _files.Write("page.html", """
            <h2 id="cookies">How do I<br>return C#?<script>track()</script> <a href="#c">#</a></h2>
            <ol><li><p>Turn it off.</p></li><li><p>Then on.</p></li></ol>
            <table><tr><th>Day</th><th>Open</th></tr><tr><td>Mon<br>Tue</td><td><p>nine</p><p>ten</p></td></tr></table>
            """);
        IReadOnlyList<Turn> turns = Assert.Single(HtmlQuestions.Read(_files.Folder).Conversations).Turns;
        Assert.Equal("How do I return C#?", turns[0].Content);
        Assert.Equal("1. Turn it off.\n2. Then on.\n\n| Day | Open |\n| --- | --- |\n| Mon Tue | nine ten |", turns[1].Content);
    }

    [Fact]
    public void Broken_and_deeply_nested_pages_do_not_crash()
    {
        _files.Write("deep.html", string.Concat(Enumerable.Repeat("<div>", 5_000)) + "deep");
        _files.Write("broken.html", "<table><tr><td>a<td>b<h2>Why?</table><p <b>");
        try
        {
            HtmlQuestions.Read(_files.Folder);
        }
        catch (DataException e)
        {
            Assert.Contains("too deeply", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_without_a_page_is_refused() =>
        Assert.Contains("no page", Assert.Throws<DataException>(() => HtmlQuestions.Read(_files.Folder)).Message, StringComparison.Ordinal);
}
