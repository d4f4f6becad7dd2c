using System.Collections;
using System.Text.RegularExpressions;
using TransferLab.Comparison;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Training;

namespace TransferLab.Tests.Reporting;

public sealed class DisplayFormsTests
{
    private static readonly ComparisonResults s_results = SampleResults.Images();
    private static readonly BackboneCard s_card = new() { Name = "<b>mine</b>", Licence = "MIT" };
    private static readonly FreezePlan s_plan = new(1, [new("stem", false, 1000, 0), new("body", true, 2000, 2000), new("head", true, 30, 30)]);
    private static readonly FeatureMap s_map = new("map", [(0, 0), (1, 2), (3, 1)], [0, 1, 0], ["<i>a</i>", "b"]);

    public static TheoryData<string> Names => ["results", "card", "plan", "map", "curves", "report"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_notebook_finds_the_forms_by_the_attributes_name_and_gets_html_and_text(string name)
    {
        object value = Value(name);
        Attribute attribute = value.GetType().GetCustomAttributes(inherit: true).OfType<Attribute>()
            .Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        Type source = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        Assert.Equal(["text/html", "text/plain"], (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!);
        object made = Activator.CreateInstance(source)!;
        Dictionary<string, string> forms = [];
        foreach (object formatter in (IEnumerable)source.GetMethod("CreateTypeFormatters")!.Invoke(made, null)!)
        {
            using StringWriter writer = new();
            Assert.True((bool)formatter.GetType().GetMethod("Format")!.Invoke(formatter, [value, writer])!);
            forms.Add((string)formatter.GetType().GetProperty("MimeType")!.GetValue(formatter)!, writer.ToString());
        }

        Assert.StartsWith("<div class=\"tlab\">", forms["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<script", forms["text/html"], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<div class", forms["text/plain"], StringComparison.Ordinal);
        Assert.NotEqual("", forms["text/plain"].Trim());
    }

    [Fact]
    public void Names_from_outside_are_text_and_never_markup()
    {
        Assert.Contains("&lt;b&gt;mine", DisplayForms.Html(s_card), StringComparison.Ordinal);
        Assert.DoesNotContain("<i>a</i>", DisplayForms.Html(s_map), StringComparison.Ordinal);
    }

    [Fact]
    public void A_passage_is_text_whose_lines_break_between_words_only()
    {
        Passage passage = new("a <b> and\n  more");
        Assert.Equal("a <b> and\n  more", DisplayForms.Text(passage));
        string html = DisplayForms.Html(passage)!;
        Assert.Contains("a &lt;b&gt; and", html, StringComparison.Ordinal);
        Assert.Contains("pre-wrap; overflow-wrap: break-word", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mark_of_a_plot_has_its_style_in_the_fragment_too()
    {
        string html = DisplayForms.Html(s_results)! + DisplayForms.Html(Value("curves"));
        string style = html[..html.IndexOf("</style>", StringComparison.Ordinal)];
        string[] marks = [.. Regex.Matches(html, "<(?:path|line|rect|circle)[^>]* class=\"([^\"]+)\"").SelectMany(match => match.Groups[1].Value.Split(' '))
            .Distinct()];
        Assert.NotEmpty(marks);
        Assert.All(marks, mark => Assert.Contains($".tlab .{mark} ", style, StringComparison.Ordinal));
    }

    [Fact]
    public void Styles_touch_nothing_outside_of_the_fragment()
    {
        string html = DisplayForms.Html(s_card)!;
        string style = html[(html.IndexOf("<style>", StringComparison.Ordinal) + 7)..html.IndexOf("</style>", StringComparison.Ordinal)];
        string[] selectors = [.. style.Split('}').SelectMany(rule => rule.Split('{')[0].Split(',')).Select(selector => selector.Trim())
            .Where(selector => selector.Length > 0)];
        Assert.All(selectors, selector => Assert.StartsWith(".tlab", selector, StringComparison.Ordinal));
    }

    [Fact]
    public void The_rows_of_a_curve_unfold_under_what_it_came_to()
    {
        string html =
            DisplayForms.Html(
                new LearningCurves(
                    ("slow & safe", [new() { Seconds = 1, Epoch = 1, TrainAccuracy = 0.25 },
                        new() { Seconds = 2.5, Epoch = 2, TrainAccuracy = 0.5, ValidationAccuracy = 0.375 }])))!;
        Assert.Contains("<details><summary>slow &amp; safe: 2 points, validation accuracy 37.5 % at the end, 2.5 s</summary>", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("</details>", StringComparison.Ordinal) > html.IndexOf("</table>", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_says_what_trains_and_what_stays()
    {
        string text = DisplayForms.Text(s_plan)!;
        Assert.Contains("2,030 of 3,030 parameters train (66.997 %)", text, StringComparison.Ordinal);
        Assert.Contains("The first 1 group stay", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_in_letters_has_every_class()
    {
        string text = s_map.ToString();
        Assert.Contains("0 <i>a</i>  1 b", text, StringComparison.Ordinal);
        Assert.Equal(3, text[..text.LastIndexOf('\n')].Skip(4).Count(char.IsAsciiDigit));
    }

    [Fact]
    public void Values_of_others_have_no_form_here()
    {
        Assert.Null(DisplayForms.Html("text"));
        Assert.Null(DisplayForms.Text(42));
    }

    private static object Value(string name) => name switch
    {
        "results" => s_results,
        "card" => s_card,
        "plan" => s_plan,
        "map" => s_map,
        "curves" => LearningCurves.Of(s_results),
        _ => new ReportPage(s_results),
    };
}
