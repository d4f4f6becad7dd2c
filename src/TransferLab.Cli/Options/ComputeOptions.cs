using System.CommandLine;
using TransferLab.Training;

namespace TransferLab.Cli;

/// <summary>The options that say where networks run, and in which type.</summary>
internal sealed class ComputeOptions
{
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu or cuda", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
    private readonly Option<string> _precision = new("--precision")
    {
        Description = "auto (what the processor is faster in), float32 or bfloat16",
        DefaultValueFactory = _ => "auto",
        HelpName = "NAME",
    };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_device, _precision];

    /// <summary>Chooses; libtorch is seen to first.</summary>
    /// <exception cref="ArgumentException">A value is unknown, or there is no such device.</exception>
    /// <param name="arguments">The command line.</param>
    /// <param name="answers">Whether a language model answers: then <c>auto</c> on a CPU is float32, in which near ties fall as they do elsewhere.</param>
    /// <param name="kept">The type that a saved way was scored in, which <c>auto</c> then is; null for none.</param>
    public ComputeDevice Choose(ParseResult arguments, bool answers = false, string? kept = null)
    {
        NeededPackages.EnsureLibTorch();
        try
        {
            (string device, string precision) = (arguments.GetRequiredValue(_device), arguments.GetRequiredValue(_precision));
            precision = precision == "auto" && kept is not null ? kept : precision;
            return answers && precision == "auto" ? ComputeDevice.ForAnswers(device) : ComputeDevice.Choose(device, precision);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"--{e.Message}", e); // The library says "device tpu: choose ...".
        }
    }
}
