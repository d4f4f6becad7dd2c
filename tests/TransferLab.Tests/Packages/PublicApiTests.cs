using System.Reflection;
using TransferLab.Backbones;
using TransferLab.Chat;
using TransferLab.ChatData;
using TransferLab.Data;
using TransferLab.Hub;
using TransferLab.Inference;
using TransferLab.Lessons;
using TransferLab.Prediction;
using TransferLab.Reporting;
using TransferLab.Retrieval;
using TransferLab.Serving;
using TransferLab.SurfaceDefects;

namespace TransferLab.Tests.Packages;

/// <summary>The public API of every package is reviewed text; a change to it is a change to its file.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "TRANSFERLAB_ACCEPT_API";

    public static TheoryData<string> Packages { get; } = new(Assemblies().Keys);

    [Theory]
    [MemberData(nameof(Packages))]
    public void Public_api_is_as_reviewed(string package)
    {
        string file = Path.Combine(RepositoryRoot.Path, "tests", "TransferLab.Tests", "Packages", "Api", package + ".txt"),
            found = PublicApi.Of(Assemblies()[package]);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, found);
        }

        string[] reviewed = File.Exists(file) ? File.ReadAllLines(file) : [], lines = found.TrimEnd('\n').Split('\n');
        string[] added = [.. lines.Except(reviewed)], gone = [.. reviewed.Except(lines)];
        Assert.True(reviewed.SequenceEqual(lines),
            $"The public API of {package} changed; review it, then run this test with {Accept}=1 and commit {file}.\n+ {string.Join("\n+ ", added)}\n- "
                + $"{string.Join("\n- ", gone)}");
    }

    private static Dictionary<string, Assembly> Assemblies() => new Type[]
    {
        typeof(LabeledData), typeof(WordPieceTokenizer), typeof(OnnxModel), typeof(HtmlReport), typeof(Lesson), typeof(SurfaceDefectImages), typeof(ResNet18),
            typeof(MiniLM), typeof(ArcticXs), typeof(MadeChat), typeof(HubClient), typeof(LanguageModelChatClient), typeof(PassageIndex), typeof(ChatServer),
            typeof(SmallWorld),
    }.ToDictionary(type => type.Assembly.GetName().Name!, type => type.Assembly);
}
