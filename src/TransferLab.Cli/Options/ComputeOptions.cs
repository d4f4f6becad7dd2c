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
    public ComputeDevice Choose(ParseResult arguments)
    {
        NeededPackages.EnsureLibTorch();
        try
        {
            return ComputeDevice.Choose(arguments.GetRequiredValue(_device), arguments.GetRequiredValue(_precision));
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"--{e.Message}", e); // The library says "device tpu: choose ...".
        }
    }
}
