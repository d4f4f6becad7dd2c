using TorchSharp.Modules;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Tests.Training;

/// <summary>A user's own network as a backbone, with nothing but the public types.</summary>
[Collection(TorchCollection.Name)]
public sealed class BringYourOwnTests
{
    public BringYourOwnTests() => LibTorch.Load();

    [Fact]
    public void A_network_of_one_s_own_trains_frozen_and_full()
    {
        using SmallTask task = new();
        Backbone mine = new()
        {
            Card = new() { Name = "mine" },
            Build = () => { OwnNetwork net = new(); return new(net, [new("stem", net.stem), new("body", net.body)], featureWidth: 16); },
            LoadWeights = net => init.ones_(((OwnNetwork)net).stem.parameters().First()),
            Encoder = new ImageEncoder(32, deviation: 255),
        };

        Learner learner = new(mine, SmallBackbone.Compute, new());
        foreach (TransferStrategy strategy in (TransferStrategy[])[TransferStrategy.Frozen(), TransferStrategy.Full()])
        {
            using FitResult fitted = learner.Fit(strategy, task.Data.Train, task.Data.Classes, seed: 1);
            Predictions predictions = fitted.Model.Predict(task.Data.Test);

            Assert.Equal(task.Data.Test.Count, predictions.Labels.Count);
            Assert.All(predictions.Probabilities, row => Assert.Equal(1, row.Sum(), 1e-5));
            Assert.Equal(strategy.Name == "full" ? fitted.Model.Parameters : 3 * 17, fitted.TrainableParameters);
            Assert.False(fitted.Model.CanSave);
            Assert.Contains("SafetensorsWriter", Assert.Throws<InvalidOperationException>(() => fitted.Model.Save("never.safetensors")).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_parameter_in_no_group_is_named()
    {
        using OwnNetwork net = new();

        ArgumentException error = Assert.Throws<ArgumentException>(() => new BackboneNetwork(net, [new("stem", net.stem)], 16));
        Assert.Contains("body.0.weight, body.0.bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_in_two_groups_is_named()
    {
        using OwnNetwork net = new();

        ArgumentException error =
            Assert.Throws<ArgumentException>(() => new BackboneNetwork(net, [new("stem", net.stem), new("body", net.body), new("again", net.body)], 16));
        Assert.Contains("'again'", error.Message, StringComparison.Ordinal);
    }

    private sealed class OwnNetwork : Module<Tensor, Tensor>
    {
        public readonly Sequential stem = Sequential(Conv2d(3, 8, 3, stride: 4), ReLU());
        public readonly Sequential body = Sequential(Conv2d(8, 16, 3, stride: 2), ReLU());

        public OwnNetwork() : base(nameof(OwnNetwork)) => RegisterComponents();

        public override Tensor forward(Tensor input) => body.call(stem.call(input));
    }
}
