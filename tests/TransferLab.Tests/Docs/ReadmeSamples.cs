using Microsoft.ML;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Pipelines;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Docs;

/// <summary>The README's code, compiled. What stands between the markers stands there, line for line.</summary>
internal static class ReadmeSamples
{
    public static void Images()
    {
        // <readme>
        LabeledData data = ImageFolder.Read("flowers").Data;
        ComparisonOptions options = new() { Seeds = 3, OutputFolder = "flowers-results" };
        ComparisonResults results = new Comparer(data, ResNet18.ImageNetAt(128), ComputeDevice.Choose(), options).Run();
        Console.WriteLine(results.Verdicts[0]);
        // </readme>
    }

    public static void Texts(ComparisonOptions options)
    {
        // <readme>
        LabeledData tickets = TextData.Read("tickets.csv", new() { LabelColumn = "intent" });
        ComparisonResults found = new Comparer(tickets, MiniLM.English(), ComputeDevice.Choose(), options).Run();
        // </readme>
        Console.WriteLine(found.Verdicts[0]);
    }

    public static void Pipelines()
    {
        // <readme>
        MLContext ml = new(seed: 1);
        IDataView flowers = ml.Data.LoadImageFolder("flowers");
        DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(flowers, testFraction: 0.2);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.ImageTransfer(new() { Strategy = TransferStrategy.Frozen() }));
        ITransformer model = pipeline.Fit(split.TrainSet);
        Console.WriteLine(ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy);
        ml.Model.Save(model, flowers.Schema, "flowers.zip");     // ml.Model.Load needs no libtorch
        // </readme>
    }

    public static Backbone OwnBackbone()
    {
        // <readme>
        LibTorch.Load();     // first, where a program touches torch before anything of TransferLab
        Backbone mine = new()
        {
            Card = new() { Name = "mine" },
            Build = () => { MyNet net = new(); return new BackboneNetwork(net, [new("stem", net.Stem), new("body", net.Body)], featureWidth: 128); },
            LoadWeights = net => net.load("mine.dat"),
            Encoder = new ImageEncoder(96),
        };
        // </readme>
        return mine;
    }

    private sealed class MyNet : nn.Module<Tensor, Tensor>
    {
        public readonly TorchSharp.Modules.Conv2d Stem = nn.Conv2d(3, 16, 3);
        public readonly TorchSharp.Modules.Conv2d Body = nn.Conv2d(16, 128, 3);

        public MyNet() : base(nameof(MyNet)) => RegisterComponents();

        public override Tensor forward(Tensor input) => Body.call(Stem.call(input));
    }
}
