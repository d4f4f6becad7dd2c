using System.Text;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Models;

/// <summary>Saved networks: exact, and safe to open whatever is in the file.</summary>
[Collection(TorchCollection.Name)]
public sealed class ModelFileTests : IClassFixture<ModelFileTests.Saved>
{
    private readonly Saved _saved;

    public ModelFileTests(Saved saved) => _saved = saved;

    [Theory]
    [InlineData("frozen")]
    [InlineData("full")]
    public void A_loaded_network_predicts_exactly_as_the_saved_one(string name)
    {
        using FitResult fitted = _saved.Fit(name);
        string path = Path.Combine(_saved.Task.Folder, name + ".safetensors");
        fitted.Model.Save(path);
        using TrainedModel loaded = ModelFile.Load(path, SmallBackbone.Compute);

        Assert.Equal(fitted.Model.Classes, loaded.Classes);
        Assert.Equal(fitted.Model.Parameters, loaded.Parameters);
        Assert.Equal(fitted.Model.Predict(_saved.Task.Data.Test).Probabilities, loaded.Predict(_saved.Task.Data.Test).Probabilities);
        Assert.Equal(fitted.Model.Predict(_saved.Task.Data.Test).Labels, loaded.Predict(_saved.Task.Data.Test).Labels);
        Assert.Empty(Directory.GetFiles(_saved.Task.Folder, "*.tmp"));
    }

    [Fact]
    public void A_saved_network_is_a_backbone_for_the_next_task()
    {
        using FitResult fitted = _saved.Fit("full");
        string path = Path.Combine(_saved.Task.Folder, "backbone.safetensors");
        fitted.Model.Save(path);
        Backbone backbone = BackboneFile.Load(path);
        using BackboneNetwork network = backbone.CreatePretrained(), twin = backbone.CreateRandom(3);
        using SafetensorsFile file = SafetensorsFile.Open(path);

        Assert.All(network.Module.state_dict(), item => Assert.Equal(file.Read(item.Key).bytes.ToArray(), item.Value.bytes.ToArray()));
        Assert.NotEqual(network.Module.state_dict()["conv1.weight"].bytes.ToArray(), twin.Module.state_dict()["conv1.weight"].bytes.ToArray());
        Assert.Equal(((NetworkModel)fitted.Model).Kind, backbone.Encoder.Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(500)]
    [InlineData(1_000_000)]
    [InlineData(-1)]
    public void A_truncated_file_is_refused(int length)
    {
        byte[] cut = _saved.Bytes[..(length < 0 ? _saved.Bytes.Length + length : length)];

        Assert.Throws<WeightsException>(() => Load(cut));
    }

    [Fact]
    public void Foreign_and_missing_files_are_refused()
    {
        Assert.Throws<WeightsException>(() => Load(Encoding.UTF8.GetBytes("item,label,predicted,score\n")));
        Assert.Throws<WeightsException>(() => Load([.. new byte[8], .. "{}"u8]));
        Assert.Throws<WeightsException>(() => ModelFile.Load(Path.Combine(_saved.Task.Folder, "absent.safetensors")));
        Assert.Throws<WeightsException>(() => ModelFile.Load(_saved.Task.Folder));
    }

    [Fact]
    public void Weights_of_another_program_are_told_from_a_model()
    {
        string path = Path.Combine(_saved.Task.Folder, "foreign.safetensors");
        using Tensor weight = ones([2, 2]);
        SafetensorsWriter.Write(path, [("weight", weight)], new Dictionary<string, string>());

        Assert.Contains("not a TransferLab model", Assert.Throws<WeightsException>(() => ModelFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("network/1", "network/9", "newer version")]
    [InlineData("resnet-1-1-1-1", "resnet-0-1-1-1", "architecture")]
    [InlineData("resnet-1-1-1-1", "resnet-9-9-9-9", "layer")]
    [InlineData("\"image.size\":\"32\"", "\"image.size\":\"-2\"", "image.size")]
    [InlineData("transferlab.classes", "transferlab.klasses", "transferlab.classes")]
    [InlineData("image.deviation", "image.deviatoin", "image.deviation")]
    [InlineData("\"head.bias\"", "\"head.bas1\"", "head.bias")]
    [InlineData("\"layer2.0.conv1.weight\"", "\"layer2.0.conv7.weight\"", "layer2.0.conv1.weight")]
    [InlineData("\"head.weight\":{\"dtype\":\"F32\",\"shape\":[3,512]", "\"head.weight\":{\"dtype\":\"F32\",\"shape\":[512,3]", "'head.weight'")]
    [InlineData("\"head.weight\"", "\"head.wiegth\"", "'head.weight'")]
    public void A_wrong_header_is_refused_by_what_is_wrong(string old, string changed, string named)
    {
        string header = Encoding.Latin1.GetString(_saved.Bytes, 0, _saved.HeaderLength);
        Assert.Contains(old, header, StringComparison.Ordinal);
        byte[] bytes = [.. Encoding.Latin1.GetBytes(header.Replace(old, changed, StringComparison.Ordinal)), .. _saved.Bytes.AsSpan(_saved.HeaderLength)];

        Assert.Contains(named, Assert.Throws<WeightsException>(() => Load(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_architecture_in_a_small_file_is_refused_before_it_is_built()
    {
        string path = Path.Combine(_saved.Task.Folder, "huge.safetensors");
        using Tensor weight = ones([2, 2]);
        SafetensorsWriter.Write(path, [("weight", weight)], new Dictionary<string, string>
        {
            ["transferlab.format"] = "network/1",
            ["transferlab.classes"] = "[\"a\",\"b\"]",
            ["transferlab.architecture"] = "resnet-99-99-99-99",
            ["image.size"] = "32",
            ["image.deviation"] = "1",
            ["image.channels"] = "Bgr",
        });
        long peak = Environment.WorkingSet;

        Assert.Throws<WeightsException>(() => ModelFile.Load(path, SmallBackbone.Compute));
        Assert.InRange(Environment.WorkingSet - peak, long.MinValue, 300L << 20);
    }

    [Fact]
    public void A_mutated_file_loads_or_is_refused_and_never_fails_otherwise()
    {
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < 40; i++)
        {
            int at = random.Next(_saved.HeaderLength);
            byte before = _saved.Bytes[at];
            _saved.Bytes[at] ^= (byte)(1 << random.Next(8));
            try
            {
                Load(_saved.Bytes);
            }
            catch (WeightsException)
            {
                refused++;
            }

            _saved.Bytes[at] = before;
        }

        Assert.InRange(refused, 10, 40);
    }

    private void Load(byte[] bytes)
    {
        string path = Path.Combine(_saved.Task.Folder, "changed.safetensors");
        File.WriteAllBytes(path, bytes);
        ModelFile.Load(path, SmallBackbone.Compute).Dispose();
    }

    /// <summary>One saved model for all tests.</summary>
    public sealed class Saved : IDisposable
    {
        private readonly Learner _learner = new(SmallBackbone.CreateNamed(), SmallBackbone.Compute, new());

        public Saved()
        {
            using FitResult fitted = Fit("frozen");
            string path = Path.Combine(Task.Folder, "saved.safetensors");
            fitted.Model.Save(path);
            Bytes = File.ReadAllBytes(path);
            HeaderLength = 8 + (int)BitConverter.ToInt64(Bytes);
        }

        public byte[] Bytes { get; }

        public int HeaderLength { get; }

        internal SmallTask Task { get; } = new(test: 12);

        internal FitResult Fit(string name)
        {
            TransferStrategy strategy = (TransferStrategy)StrategyCatalog.Find(name);
            strategy = strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 1 })] };
            return _learner.Fit(strategy, Task.Data.Train, Task.Data.Classes, seed: 1);
        }

        public void Dispose() => Task.Dispose();
    }
}
