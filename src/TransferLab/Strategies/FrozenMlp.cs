namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>Feature extraction with a head of one hidden layer: what a linear head cannot separate it may.</summary>
    /// <param name="hiddenUnits">Width of the hidden layer.</param>
    public static TransferStrategy FrozenMlp(int hiddenUnits = 256) => new()
    {
        Name = "frozen-mlp",
        Description = "backbone frozen, a head with one hidden layer trained on its features",
        Head = new() { HiddenUnits = hiddenUnits },
        Phases = [new() { Trains = LayerSelector.Head, Epochs = 60, LabelSmoothing = 0.1, WeightDecay = 0.05 }],
    };
}
