using TransferLab.Backbones;
using TransferLab.Data;

namespace TransferLab.Cli;

/// <summary>What is compared: data, the backbone at the input size that suits it, and that size in words.</summary>
internal sealed record CompareTask(LabeledData Data, Backbone Backbone, string Input);
