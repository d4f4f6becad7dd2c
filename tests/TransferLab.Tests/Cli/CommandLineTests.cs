using System.Diagnostics;
using TransferLab.Comparison;
using TransferLab.Data.SurfaceDefects;

namespace TransferLab.Tests.Cli;

/// <summary>The built program as a process, with its exit codes and what it leaves on disk.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("transferlab-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--nope", "'--nope'")]
    [InlineData("--strategies frozen,nope", "frozen, full, scratch, frozen-random, classical")]
    [InlineData("--image-size 100", "multiple of 32")]
    [InlineData("--backbone vgg", "choose resnet18")]
    [InlineData("--images ./absent/", "no such folder")]
    [InlineData("--images cifra10", "Did you mean 'cifar10'?")]
    [InlineData("--seeds 0", "1 to 1000")]
    public void An_unusable_command_line_is_said_in_one_line(string arguments, string expected)
    {
        (int code, string output, string error) = Run($"compare {arguments} --out {_folder}/out");

        Assert.Equal(2, code);
        Assert.StartsWith("error: ", error);
        Assert.Contains(expected, error);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Empty(output);
    }

    [Fact]
    public void Help_shows_the_commands_and_succeeds()
    {
        (int code, string output, _) = Run("--help");

        Assert.Equal(0, code);
        Assert.All(["compare", "report", "predict", "datasets"], command => Assert.Contains(command, output));
    }

    [Fact]
    public void Unreadable_images_are_all_named_before_any_training()
    {
        string images = Draw();
        File.WriteAllText(Path.Combine(images, "train", "clean", "notes.jpg"), "not a picture");
        File.WriteAllText(Path.Combine(images, "test", "crack", "empty.png"), "");

        (int code, _, string error) = Run($"compare --images {images} --out {_folder}/out");

        Assert.Equal(2, code);
        Assert.Contains("train/clean/notes.jpg", error);
        Assert.Contains("test/crack/empty.png", error);
        Assert.False(File.Exists(Path.Combine(_folder, "out", "results.json")));
    }

    [Fact]
    public void A_comparison_leaves_report_results_predictions_and_models_that_predict_the_same()
    {
        string images = Draw(), folder = Path.Combine(_folder, "out");

        (int code, string output, string error) = Run($"compare --images {images} --image-size 32 --strategies frozen,classical --out {folder}");

        Assert.True(code == 0, error);
        Assert.Contains("frozen", output);
        ComparisonResults results = ResultsFile.Read(Path.Combine(folder, "results.json"));
        Assert.Equal(["frozen", "classical"], results.Strategies.Select(s => s.Name));
        Assert.Equal(results.Data.TestExamples, results.Strategies[0].Runs[0].Predicted.Count);
        foreach (string strategy in (string[])["frozen", "classical"])
        {
            string[] written = File.ReadAllLines(Path.Combine(folder, "predictions", $"{strategy}-seed1.csv"));
            Assert.Equal(results.Data.TestExamples + 1, written.Length);
            (int predicted, _, string problem) = Run($"predict --model {folder}/models/{strategy}.safetensors {images}/test --out {folder}/again.csv");
            Assert.True(predicted == 0, problem);
            Assert.Equal(Column(written, 2), Column(File.ReadAllLines(Path.Combine(folder, "again.csv")), 2));
        }

        string page = File.ReadAllText(Path.Combine(folder, "report.html"));
        File.Delete(Path.Combine(folder, "report.html"));
        Assert.Equal(0, Run($"report {folder}").Code);
        Assert.Equal(page, File.ReadAllText(Path.Combine(folder, "report.html")));
        Assert.Empty(Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories));
    }

    [SkippableFact]
    public void An_interrupt_ends_training_and_leaves_nothing_half_written()
    {
        Skip.IfNot(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent by kill.");
        string folder = Path.Combine(_folder, "out");
        using Process process = Start($"compare --strategies full --out {folder}");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string? line;
        do
        {
            line = process.StandardOutput.ReadLine();
        }
        while (line is not null && !line.Contains("machine", StringComparison.Ordinal));
        using (Process kill = Process.Start("kill", $"-INT {process.Id}"))
        {
            kill.WaitForExit();
        }

        process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000), "still running after a minute");
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("cancelled", error.Result);
        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
    }

    private static IEnumerable<string> Column(string[] lines, int column) => lines.Skip(1).Select(line => line.Split(',')[column]);

    private string Draw()
    {
        string folder = Path.Combine(_folder, "images");
        SurfaceDefects.Write(folder, trainPerClass: 6, testPerClass: 3, seed: 5, size: 32);
        return folder;
    }

    private static (int Code, string Output, string Error) Run(string arguments)
    {
        using Process process = Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static Process Start(string arguments) => Process.Start(new ProcessStartInfo("dotnet", $"{AppContext.BaseDirectory}TransferLab.Cli.dll {arguments}")
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;
}
