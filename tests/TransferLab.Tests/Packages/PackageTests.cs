using System.IO.Compression;
using System.Runtime.InteropServices;

namespace TransferLab.Tests.Packages;

/// <summary>The packed packages, used by projects that know nothing of this repository.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] s_packages = ["TransferLab.Inference", "TransferLab.Prediction", "TransferLab", "TransferLab.Reporting",
        "TransferLab.Backbones.ResNet18", "TransferLab.SurfaceDefects", "TransferLab.ChatData", "TransferLab.Retrieval", "TransferLab.Hub"];
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [SkippableFact]
    public void A_stranger_trains_both_ways_and_an_application_without_libtorch_predicts()
    {
        Pack();
        _sandbox.Write("train/train.csproj", Project(
            $"""<PackageReference Include="TransferLab.Backbones.ResNet18" Version="{_sandbox.Version}" />""",
            $"""<PackageReference Include="TransferLab.SurfaceDefects" Version="{_sandbox.Version}" />""",
            $"""<PackageReference Include="libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}" Version="2.10.0" />"""));
        _sandbox.Write("train/Program.cs", """
            using TransferLab.Backbones;
            using TransferLab.Comparison;
            using TransferLab.Data;
            using TransferLab.SurfaceDefects;
            using TransferLab.Strategies;
            using TransferLab.Training;

            SurfaceDefectImages.Write("data", trainPerClass: 2, testPerClass: 1, seed: 1, size: 32);
            ComparisonOptions options = new() { Strategies = [TransferStrategy.Frozen(), TransferStrategy.LastK(1)], OutputFolder = "out" };
            ComparisonResults results = new Comparer(ImageFolder.Read("data").Data, ResNet18.ImageNetAt(32), ComputeDevice.Choose(precision: "float32"), options).Run();
            Console.WriteLine($"verdict: {results.Verdicts[0]}");
            """);
        string output = BuildAndRun("train");
        Assert.Contains("verdict: ", output, StringComparison.Ordinal);

        _sandbox.Write("predict/predict.csproj", Project(
            """<PackageReference Include="Microsoft.ML" Version="5.0.1" />""",
            """<PackageReference Include="Microsoft.ML.OnnxTransformer" Version="5.0.1" />""",
            """<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.31.1" />""",
            """<PackageReference Include="Google.Protobuf" Version="3.31.1" />""",
            """<PackageReference Include="System.Numerics.Tensors" Version="9.0.19" />"""));
        _sandbox.Write("predict/Program.cs", """
            using Microsoft.ML;
            using Microsoft.ML.Data;

            MLContext context = new();
            IDataView rows = context.Data.LoadFromEnumerable(new[] { new Row { Pixels = new float[3 * 32 * 32] } });
            var model = context.Transforms.ApplyOnnxModel(["probabilities"], ["image"], args[0], gpuDeviceId: null, fallbackToCpu: true).Fit(rows);
            float[] found = context.Data.CreateEnumerable<Score>(model.Transform(rows), false).First().Probabilities;
            Console.WriteLine($"classes: {found.Length}, sum {found.Sum():0.00}, torch {AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name == "TorchSharp")}");

            class Row { [ColumnName("image"), VectorType(1, 3, 32, 32)] public float[] Pixels { get; set; } = []; }
            class Score { [ColumnName("probabilities")] public float[] Probabilities { get; set; } = []; }
            """);
        Assert.Contains("classes: 10, sum 1.00, torch 0", BuildAndRun("predict", Path.Combine(_sandbox.Folder, "out", "models", "frozen.onnx")),
            StringComparison.Ordinal);
    }

    /// <summary>Packs what the solution's build left, and checks what every package must hold.</summary>
    private void Pack()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string source = Path.Combine(RepositoryRoot.Path, "src");
        Skip.IfNot(s_packages.All(id => File.Exists(Path.Combine(source, id, "bin", configuration, "net8.0", id + ".dll"))),
            "the solution has not been built for every target");
        _sandbox.Write("pack.proj", $"""
            <Project>
              <ItemGroup>{string.Concat(s_packages.Select(id => $"""<Project Include="{Path.Combine(source, id, id + ".csproj")}" />"""))}</ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="@(Project)" Targets="Pack" Properties="Configuration={configuration};NoBuild=true;Version={_sandbox.Version};PackageOutputPath={_sandbox.Source}" />
              </Target>
            </Project>
            """);
        (int code, string output) = _sandbox.Run("msbuild", "pack.proj", "-nologo", "-v:minimal", "-tl:off");
        Assert.True(code == 0, output);
        foreach (string id in s_packages)
        {
            using ZipArchive package = ZipFile.OpenRead(Path.Combine(_sandbox.Source, $"{id}.{_sandbox.Version}.nupkg"));
            string[] files = [.. package.Entries.Select(entry => entry.FullName)];
            Assert.All((string[])["README.md", "icon.png", $"lib/net8.0/{id}.dll", $"lib/net10.0/{id}.xml"], file => Assert.Contains(file, files));
            Assert.True(File.Exists(Path.Combine(_sandbox.Source, $"{id}.{_sandbox.Version}.snupkg")), $"{id} has no symbols");
        }
    }

    private static string Project(params string[] references) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>{string.Concat(references)}</ItemGroup>
        </Project>
        """;

    private string BuildAndRun(string project, params string[] arguments)
    {
        string folder = Path.Combine(_sandbox.Folder, project);
        (int code, string output) = _sandbox.Run("build", folder, "-c", "Release", "-tl:off", "-v:minimal");
        Assert.True(code == 0, output); // A warning, of NuGet or the compiler, is an error there.
        Assert.DoesNotContain("warning ", output, StringComparison.Ordinal); // "0 Warning(s)" is none.
        (code, output) = _sandbox.Run(["exec", Path.Combine(folder, "bin", "Release", "net10.0", project + ".dll"), .. arguments]);
        Assert.True(code == 0, output);
        return output;
    }
}
