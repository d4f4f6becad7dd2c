using System.Runtime.InteropServices;
using TorchSharp;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Describes this machine and the software that decides a result.</summary>
internal static class MachineFacts
{
    private static readonly Type[] s_packages =
        [typeof(MachineFacts), typeof(torch), typeof(SkiaSharp.SKBitmap), typeof(Microsoft.ML.MLContext)];

    public static MachineSummary Of(ComputeDevice compute) => new()
    {
        OperatingSystem = RuntimeInformation.OSDescription,
        Processor = Processor(),
        Device = compute.Device.type == DeviceType.CUDA ? "cuda" : "cpu",
        Threads = torch.get_num_threads(),
        Precision = compute.Precision,
        Runtime = RuntimeInformation.FrameworkDescription,
        Packages = s_packages.ToDictionary(
            type => type.Assembly.GetName().Name!,
            type => type.Assembly.GetName().Version?.ToString(3) ?? "unknown"),
    };

    private static string Processor()
    {
        const string cpuInfo = "/proc/cpuinfo";
        string? model = File.Exists(cpuInfo)
            ? File.ReadLines(cpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores";
    }
}
