using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;

namespace TransferLab.MLNetBaselines;

/// <summary>ML.NET's TextClassification both ways: NAS-BERT with its encoder frozen, and fine-tuned, which is its default.</summary>
internal static class TextBaseline
{
    public static IReadOnlyList<Baseline> All { get; } =
    [
        Create("nas-bert-frozen", "ML.NET's TextClassification, the encoder of NAS-BERT frozen", isFrozen: true),
        Create("nas-bert-full", "ML.NET's TextClassification, NAS-BERT fine-tuned", isFrozen: false),
    ];

    private static Baseline Create(string name, string description, bool isFrozen) => new(name, description, context =>
        context.MulticlassClassification.Trainers.TextClassification(new TextClassificationTrainer.TextClassificationOptions
        {
            Sentence1ColumnName = nameof(BaselineRow.Source),
            FreezeEncoder = isFrozen,
            FreezeTransfer = isFrozen,
        }));
}
