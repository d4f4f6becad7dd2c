using TransferLab.Data;
using TransferLab.Reporting.Display;
using TransferLab.Runtime;

namespace TransferLab.Reporting;

/// <summary>A few pictures side by side, each with a line below it: a look at the data.</summary>
/// <param name="pictures">A caption and an image file of each; the files are read when it is shown.</param>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed class PictureGrid(params IReadOnlyList<(string Caption, string Path)> pictures) : IDisplayed
{
    /// <summary>The pictures.</summary>
    public IReadOnlyList<(string Caption, string Path)> Pictures { get; } = pictures;

    /// <summary>The first training picture of every class.</summary>
    public static PictureGrid OfClasses(LabeledData data) =>
        new([.. data.Classes.Select((name, label) => (name, data.Train.First(example => example.Label == label).Source))]);

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Pictures.Select(picture => $"{Figures.Name(picture.Caption),-40} {picture.Path}"));

    string IDisplayed.Html() => Fragment.Of(markup =>
    {
        markup.Open("div", ("class", "tlab-pictures"));
        foreach ((string caption, string path) in Pictures)
        {
            markup.Open("figure").Empty("img", ("src", DataUri(path)), ("alt", caption)).Element("figcaption", caption).Close();
        }

        markup.Close();
    });

    string IDisplayed.Text() => ToString();

    private static string DataUri(string path) =>
        $"data:image/"
            + $"{Path.GetExtension(path).ToLowerInvariant() switch { ".png" => "png", ".webp" => "webp", ".gif" => "gif", ".bmp" => "bmp", _ => "jpeg" }};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}";
}
