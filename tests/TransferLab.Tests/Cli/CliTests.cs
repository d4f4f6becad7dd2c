using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Tests.Data;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Cli;

/// <summary>Exit codes, messages and files of the <c>transferlab</c> command.</summary>
[Collection(TorchCollection.Name)]
public sealed class CliTests : IDisposable
{
    private readonly TemporaryFolder _out = new();

    public void Dispose() => _out.Dispose();

    [Fact]
    public void Help_lists_the_commands()
    {
        (int code, string output, _) = CliProcess.Run("--help");

        Assert.Equal(0, code);
        Assert.Contains("transferlab [command]", output, StringComparison.Ordinal);
        Assert.All((string[])["compare", "report", "predict", "datasets"], command => Assert.Contains($"  {command}", output, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_small_world_is_written_and_what_it_has_not_is_refused()
    {
        string world = Path.Combine(_out.Path, "world");
        (int code, _, string error) = CliProcess.Run("datasets", "make", "small-world", "--questions", "12", "--seed", "3", "--out", world);
        Assert.True(code == 0, error);
        Assert.Equal(12, File.ReadLines(Path.Combine(world, "test.jsonl")).Count());
        Assert.All((string[])["train.jsonl", "changes.jsonl"], file => Assert.NotEmpty(File.ReadAllLines(Path.Combine(world, file))));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(world, "documents")));

        (code, _, error) = CliProcess.Run("datasets", "make", "small-world", "--size", "64", "--out", world + "2");
        Assert.Equal((2, "error: --size: small-world has none; leave it out."), (code, error.Trim()));
    }

    [Fact]
    public void Datasets_are_listed()
    {
        (int code, string output, _) = CliProcess.Run("datasets");

        Assert.Equal(0, code);
        Assert.Contains(output.Split('\n'), line => line.StartsWith("surface-defects", StringComparison.Ordinal)
            && line.Contains("10 classes", StringComparison.Ordinal) && line.Contains("embedded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--nonsense", "compare", "--nonsense")]
    [InlineData("no such folder", "compare", "--images", "absent/folder")]
    [InlineData("choose from frozen, full, scratch", "compare", "--strategies", "nope")]
    [InlineData("give resnet18, minilm, arctic-xs, small-world, mobilenetv2_035", "compare", "--backbone", "nope")]
    [InlineData("--backbone and --backbones: give one of them", "compare", "--backbone", "resnet18", "--backbones", "resnet18")]
    [InlineData("'minilm' is named twice", "compare", "--text", "--backbones", "minilm,minilm")]
    [InlineData("'minilm' reads texts, not images", "compare", "--backbones", "resnet18,minilm")]
    [InlineData("--mean 1,2: give one number or three", "compare", "--mean", "1,2")]
    [InlineData("multiple of 32", "compare", "--image-size", "100")]
    [InlineData("--seeds 0: give 1 to 1,000", "compare", "--seeds", "0")]
    [InlineData("--budget 1e400: give 0.01 to 10,000,000", "compare", "--budget", "1e400")]
    [InlineData("--layer-decay 2: give", "compare", "--layer-decay", "2")]
    [InlineData("--rate high: choose fixed or search", "compare", "--rate", "high")]
    [InlineData("'x' for option '--tune' as a whole number", "compare", "--tune", "x")]
    [InlineData("inputs are never overwritten", "predict", "--model", "TransferLab.dll", "TransferLab.dll", "--out", "TransferLab.dll")]
    [InlineData("choose auto, cpu or cuda", "compare", "--device", "tpu")]
    [InlineData("--max-tokens is for texts", "compare", "--max-tokens", "64")]
    [InlineData(".safetensors, .onnx or .zip", "train", "--images", "absent/folder", "--out", "model.bin")]
    [InlineData("--model mobilenetv2_035: is a backbone", "predict", "--model", "mobilenetv2_035", ".")]
    [InlineData("--model small-world: is a language model", "export", "--model", "small-world", "--onnx", "x.onnx")]
    [InlineData("--model minilm: is a backbone for features", "export", "--model", "minilm", "--gguf", "x.gguf")]
    [InlineData("--model: is the language model that --chat and --corpus tune", "train", "--images", ".", "--model", "small-world", "--out", "x.onnx")]
    [InlineData("--prefix is for texts", "compare", "--prefix", "query: ")]
    [InlineData("absent.safetensors", "predict", "--model", "absent.safetensors", ".")]
    [InlineData("results.json", "report", "absent")]
    public void An_unusable_command_line_exits_with_2_and_one_line(string named, params string[] arguments)
    {
        (int code, _, string error) = CliProcess.Run(arguments[0] == "compare" ? [.. arguments, "--out", Path.Combine(_out.Path, "out")] : arguments);

        Assert.Equal(2, code);
        string line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_one_class_exits_with_2()
    {
        using SmallTask task = new();
        foreach (string folder in Directory.GetDirectories(Path.Combine(task.Folder, "train"))
            .Concat(Directory.GetDirectories(Path.Combine(task.Folder, "test"))).Where(folder => !folder.EndsWith("clean", StringComparison.Ordinal)))
        {
            Directory.Delete(folder, recursive: true);
        }

        (int code, _, string error) = Compare(task.Folder, "frozen");

        Assert.Equal(2, code);
        Assert.Contains("one class, 'clean'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_image_is_named_and_can_be_skipped()
    {
        using SmallTask task = new();
        File.WriteAllText(Path.Combine(task.Folder, "train", "clean", "broken.png"), "not a picture");

        (int code, _, string error) = Compare(task.Folder, "frozen");
        Assert.Equal(2, code);
        Assert.Contains("broken.png", error, StringComparison.Ordinal);

        (code, string output, _) = Compare(task.Folder, "frozen", "--skip-unreadable");
        Assert.Equal(0, code);
        Assert.Contains("warning", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_report_and_predict_agree_with_each_other()
    {
        using SmallTask task = new();
        (int code, string output, string error) = Compare(task.Folder, "frozen,classical");
        Assert.True(code == 0, error);

        string page = Path.Combine(_out.Path, "report.html");
        byte[] first = File.ReadAllBytes(page);
        Assert.Contains(page, output, StringComparison.Ordinal);
        Assert.Equal(2, ResultsFile.Read(Path.Combine(_out.Path, "results.json")).Strategies.Count);
        Assert.Equal(0, CliProcess.Run("report", _out.Path).Code);
        Assert.Equal(first, File.ReadAllBytes(page));

        foreach (string strategy in (string[])["frozen", "classical"])
        {
            string labels = Path.Combine(_out.Path, "labels.csv");
            (code, _, error) = CliProcess.Run("predict", "--model", Path.Combine(_out.Path, "models", strategy + ".safetensors"),
                Path.Combine(task.Folder, "test"), "--out", labels);
            Assert.True(code == 0, error);
            Assert.Equal(Labels(Path.Combine(_out.Path, "predictions", strategy + "-seed1.csv")),
                Labels(labels).ToDictionary(pair => "test/" + pair.Key, pair => pair.Value));
        }
    }

    [Fact]
    public void Exported_networks_predict_the_same_without_libtorch()
    {
        using SmallTask task = new();
        (int code, _, string error) = Compare(task.Folder, "frozen");
        Assert.True(code == 0, error);
        string models = Path.Combine(_out.Path, "models"), labels = Path.Combine(_out.Path, "labels.csv"), test = Path.Combine(task.Folder, "test");
        string home = Directory.CreateDirectory(Path.Combine(_out.Path, "home")).FullName;
        Dictionary<string, string> trap = new() { ["DOTNET_STARTUP_HOOKS"] = typeof(CliTests).Assembly.Location, ["HOME"] = home };

        (code, _, error) = CliProcess.RunWith(trap, "predict", "--model", Path.Combine(models, "frozen.onnx"), test, "--out", labels);
        Assert.True(code == 0, error);
        Assert.Equal(Labels(Path.Combine(_out.Path, "predictions", "frozen-seed1.csv")),
            Labels(labels).ToDictionary(pair => "test/" + pair.Key, pair => pair.Value));
        Assert.Empty(Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories)); // ONNX Runtime would report home, and keep a number for it.
        Assert.Equal(StartupHook.ExitCode, CliProcess.RunWith(trap, "predict", "--model", Path.Combine(models, "frozen.safetensors"), test).Code);

        string small = Path.Combine(_out.Path, "small.onnx");
        (code, string output, error) = CliProcess.Run("export", "--model", Path.Combine(models, "frozen.safetensors"), "--onnx", small, "--int8", "--images",
            task.Folder);
        Assert.True(code == 0, error);
        Assert.Contains("other labels: ", output, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(small).Length, 1, new FileInfo(Path.Combine(models, "frozen.onnx")).Length / 3);
    }

    [Fact]
    public void Training_writes_a_model_that_it_can_continue_from()
    {
        using SmallTask task = new();
        string first = Path.Combine(_out.Path, "first.safetensors"), second = Path.Combine(_out.Path, "second.onnx"),
            broken = Path.Combine(task.Folder, "train", "clean", "broken.png");
        File.WriteAllText(broken, "not a picture");

        (int code, string output, string error) = CliProcess.Run("train", "--images", task.Folder, "--strategy", "frozen", "--image-size", "32", "--precision",
            "float32", "--skip-unreadable", "--out", first);
        Assert.True(code == 0, error);
        Assert.Contains("18 training and 12 test images; a model is trained on all of them", output, StringComparison.Ordinal);
        Assert.Contains("warning   1 unreadable file is left out", output, StringComparison.Ordinal);
        File.Delete(broken);

        (code, _, error) = CliProcess.Run("train", "--images", task.Folder, "--strategy", "last-1", "--precision", "float32", "--from", first, "--out", second);
        Assert.True(code == 0, error);
        (code, output, error) = CliProcess.Run("predict", "--model", second, Path.Combine(task.Folder, "test"));
        Assert.True(code == 0, error);
        Assert.Equal(12, output.TrimEnd().Split('\n').Length);

        string asked = Path.Combine(_out.Path, "classical.zip"), written = Path.ChangeExtension(asked, ".safetensors");
        (code, output, error) = CliProcess.Run("train", "--images", task.Folder, "--strategy", "classical", "--out", asked);
        Assert.True(code == 0, error);
        Assert.Contains($"model     {written}:", output, StringComparison.Ordinal);
        Assert.Equal((false, true), (File.Exists(asked), File.Exists(written)));
    }

    [Fact]
    public void A_network_becomes_an_ML_NET_model_trained_for_it_or_exported()
    {
        using SmallTask task = new();
        string network = Path.Combine(_out.Path, "network.safetensors"), trained = Path.Combine(_out.Path, "trained.zip"),
            exported = Path.Combine(_out.Path, "exported.zip");
        foreach (string target in (string[])[network, trained])
        {
            (int failed, _, string why) = CliProcess.Run("train", "--images", task.Folder, "--strategy", "frozen", "--image-size", "32", "--precision",
                "float32", "--out", target);
            Assert.True(failed == 0, why);
        }

        (int code, string output, string error) = CliProcess.Run("export", "--model", network, "--zip", exported, "--images", task.Folder);
        Assert.True(code == 0, error);
        Assert.Contains("other labels: ", output, StringComparison.Ordinal);
        MLContext ml = new();
        IDataView rows = ml.Data.LoadFromEnumerable(ImageFolder.Read(task.Folder).Data.Test.Select(example => new PathRow { ImagePath = example.Source }));
        foreach (string model in (string[])[trained, exported])
        {
            Assert.Equal(12, ml.Model.Load(model, out _).Transform(rows).GetColumn<float[]>("Score").Count(score => Math.Abs(score.Sum() - 1) < 1e-4));
        }

        (code, _, error) = CliProcess.Run("export", "--model", network, "--zip", exported, "--onnx", Path.Combine(_out.Path, "both.onnx"));
        Assert.Equal(2, code);
        Assert.Contains("Name the file to write", error, StringComparison.Ordinal);

        using SmallTask other = new(classes: 2);
        string unwritten = Path.Combine(_out.Path, "unwritten.zip");
        (code, _, error) = CliProcess.Run("export", "--model", network, "--zip", unwritten, "--images", other.Folder);
        Assert.Equal(2, code);
        Assert.Contains("its classes are not the model's", error, StringComparison.Ordinal);
        Assert.False(File.Exists(unwritten));
    }

    [Fact]
    public void Texts_are_compared_reported_and_predicted()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "datasets", "support-tickets", "train.csv"), few = Path.Combine(_out.Path, "few.csv");
        string[] kept = ["refund_status", "product_question"];
        LabeledData data = TextData.Read(source);
        File.WriteAllLines(few,
            ["message,intent", .. data.Train.Where(e => kept.Contains(data.Classes[e.Label])).Select(e =>
                $"\"{e.Source.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{data.Classes[e.Label]}")]);

        (int code, string output, string error) = CliProcess.Run(
            "compare", "--text", few, "--text-column", "message", "--label-column", "intent", "--strategies", "frozen,classical", "--precision", "float32",
                "--out", _out.Path);
        Assert.True(code == 0, error);
        Assert.Contains("test texts", output, StringComparison.Ordinal);
        ComparisonResults results = ResultsFile.Read(Path.Combine(_out.Path, "results.json"));
        Assert.InRange(results.Strategies[0].Accuracy.Value, 0.8, 1);
        Assert.All(results.Strategies.SelectMany(s => s.WorstMistakes), mistake => Assert.Equal(3, mistake.Nearest!.Count));
        Assert.All(results.Strategies[0].WorstMistakes, mistake => Assert.Equal(mistake.Text, string.Concat(mistake.Words!.Select(word => word.Text))));

        foreach (string model in (string[])["frozen.safetensors", "frozen.onnx", "classical.zip"])
        {
            (code, output, error) = CliProcess.Run("predict", "--model", Path.Combine(_out.Path, "models", model),
                "I sent the toaster back two weeks ago and still have no refund on my card.");
            Assert.True(code == 0, error);
            Assert.Contains("refund_status", output, StringComparison.Ordinal);
        }

        (code, _, error) = CliProcess.Run("compare", "--text", few, "--out", _out.Path);
        Assert.Equal(2, code);
        Assert.Contains("--text-column", error, StringComparison.Ordinal);
        (code, _, error) = CliProcess.Run("compare", "--text", few, "--images", "x", "--out", _out.Path);
        Assert.Equal(2, code);
        Assert.Contains("give one of them", error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void An_interrupt_exits_with_1_and_leaves_nothing_half_written()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "sends a signal");
        using SmallTask task = new();
        using Process process = CliProcess.Start(
            "compare", "--images", task.Folder, "--strategies", "full", "--seeds", "50", "--image-size", "32", "--precision", "float32", "--out", _out.Path);
        Task<string> error = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("[2/50]", StringComparison.Ordinal))
        {
        }

        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        Task<string> rest = process.StandardOutput.ReadToEndAsync();
        CliProcess.WaitForExit(process);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("cancelled; results of finished seeds are kept", error.Result, StringComparison.Ordinal);
        Assert.DoesNotContain("[50/50]", rest.Result, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_out.Path, "*.tmp", SearchOption.AllDirectories));
        Assert.Single(ResultsFile.Read(Path.Combine(_out.Path, "results.json")).Strategies);
    }

    private (int Code, string Output, string Error) Compare(string images, string strategies, params string[] more) => CliProcess.Run(
        ["compare", "--images", images, "--strategies", strategies, "--image-size", "32", "--precision", "float32", "--out", _out.Path, .. more]);

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private static Dictionary<string, string> Labels(string path) =>
        File.ReadLines(path).Skip(1).Select(row => row.Split(',')).ToDictionary(fields => fields[0], fields => fields[2]);
}
