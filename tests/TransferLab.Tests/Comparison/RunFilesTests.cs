using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Comparison;

/// <summary>What a run leaves, also where its model cannot become an ONNX file.</summary>
public sealed class RunFilesTests
{
    [Fact]
    public void However_an_ONNX_file_is_refused_the_model_is_saved_and_the_reason_is_one_line()
    {
        using TemporaryFolder folder = new();
        RunFiles files = new(folder.Path);
        Exception[] refusals =
        [
            new KeyNotFoundException("no such tensor"), new DataException("not a graph"), new InvalidOperationException("other probabilities"),
                new NotSupportedException("unknown architecture"),
            new ArgumentException("first line\nsecond line"),
        ];
        foreach (Exception refusal in refusals)
        {
            using Model model = new(refusal) { Classes = ["a"] };
            Directory.CreateDirectory(Path.Combine(folder.Path, "models"));
            File.WriteAllText(Path.Combine(folder.Path, "models", "full.onnx"), "of an earlier run");

            (IReadOnlyList<StoredFile> written, string? reason) = files.WriteModel("full", model);

            Assert.Equal("models/full.safetensors", Assert.Single(written).Path);
            Assert.True(written[0].IsWhole(folder.Path));
            Assert.Equal(refusal.Message.ReplaceLineEndings(" "), reason);
            Assert.False(File.Exists(Path.Combine(folder.Path, "models", "full.onnx")));
        }
    }

    [Fact]
    public void A_full_disk_and_a_stop_are_no_refusals()
    {
        using TemporaryFolder folder = new();
        using Model full = new(new IOException("no space left")) { Classes = ["a"] }, stopped = new(new OperationCanceledException()) { Classes = ["a"] };

        Assert.Throws<IOException>(() => new RunFiles(folder.Path).WriteModel("full", full));
        Assert.Throws<OperationCanceledException>(() => new RunFiles(folder.Path).WriteModel("full", stopped));
    }

    private sealed class Model(Exception refusal) : TrainedModel
    {
        public override long Parameters => 1;

        public override bool CanExport => true;

        public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
            new([.. examples.Select(_ => new float[] { 1 })]);

        public override void Save(string path) => File.WriteAllText(path, "weights");

        public override void ExportOnnx(string path, OnnxPrecision precision = OnnxPrecision.Float32) => throw refusal;
    }
}
