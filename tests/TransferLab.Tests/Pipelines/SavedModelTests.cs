using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Data;
using TransferLab.Pipelines;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Pipelines;

/// <summary>Saved models in programs that have neither this library nor torch.</summary>
[Collection(TorchCollection.Name)]
public sealed class SavedModelTests : IDisposable
{
    private const int Requests = 1000;
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _out = new();

    public void Dispose() => _out.Dispose();

    [Fact]
    public void An_image_model_runs_on_ml_net_s_own_packages_alone()
    {
        using SmallTask task = new(size: 45);
        IDataView train = PipelineData.Images(_ml, task.Data.Train, task.Data.Classes), test = PipelineData.Images(_ml, task.Data.Test, task.Data.Classes);
        ITransformer model =
            Fit(_ml.MulticlassClassification.Trainers.ImageTransfer(new() { Backbone = SmallBackbone.CreateNamed(), Strategy = PipelineData.Short("full") }),
                train);
        Check("TransferLab.ImageApp", model, train.Schema, model.Transform(test), task.Data.Test);
        Assert.All(Directory.GetFiles(ProgramProcess.Folder("TransferLab.ImageApp"), "TransferLab*"), file =>
            Assert.StartsWith("TransferLab.ImageApp", Path.GetFileName(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("knn")]
    [InlineData("frozen-mlnet")]
    public void A_model_that_saw_the_library_s_own_pixels_runs_there_as_it_was_trained(string strategy)
    {
        using SmallTask task = new(size: 75);
        TransferLab.Strategies.Strategy trained = strategy == "full" ? PipelineData.Short("full") : TransferLab.Strategies.StrategyCatalog.Find(strategy);
        using TransferLab.Learners.FitResult fitted = new TransferLab.Learners.Learner(SmallBackbone.CreateNamed(), SmallBackbone.Compute, new()).Fit(trained,
            task.Data.Train, task.Data.Classes, 1);
        string zip = Path.Combine(_out.Path, "own.zip");
        PipelineFile.Write(fitted.Model, zip);
        string[] lines = ProgramProcess.Run("TransferLab.ImageApp", [zip, .. task.Data.Test.Select(example => example.Source)]);
        float[][] scores =
            [.. lines[..^1].Select(line => line.Split('\t')[1].Split(' ').Select(score => float.Parse(score, CultureInfo.InvariantCulture)).ToArray())];
        Assert.InRange(PipelineData.Difference(fitted.Model.Predict(task.Data.Test).Probabilities, scores), 0, 0.1f);
        Assert.Equal(scores.Select(row => task.Data.Classes[Array.IndexOf(row, row.Max())]), lines[..^1].Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public void A_text_model_needs_the_tokenizer_besides()
    {
        LabeledData task = SmallText.Task();
        IDataView train = PipelineData.Texts(_ml, task.Train, task.Classes), test = PipelineData.Texts(_ml, task.Test, task.Classes);
        ITransformer model =
            Fit(_ml.MulticlassClassification.Trainers.TextTransfer(new() { Backbone = SmallText.Create(), Strategy = PipelineData.Short("full") }), train);
        Check("TransferLab.TextApp", model, train.Schema, model.Transform(test), task.Test);
    }

    [Fact]
    public async Task A_thousand_requests_at_once_are_answered_without_an_error()
    {
        using SmallTask task = new();
        IDataView paths = PipelineData.Images(_ml, task.Data.Train, task.Data.Classes);
        IDataView images = _ml.Transforms.LoadImages("Image", imageFolder: null, "ImagePath").Fit(paths).Transform(paths);
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.ImageTransfer(new() { Backbone = SmallBackbone.CreateNamed(), ImageColumnName = "Image" }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(images);
        string[] expected = [.. model.Transform(images).GetColumn<string>("PredictedLabel")];
        string zip = Path.Combine(_out.Path, "model.zip");
        _ml.Model.Save(model, images.Schema, zip);

        using Process server = ProgramProcess.Start("TransferLab.SampleApi", "--model", zip, "--urls", "http://127.0.0.1:0");
        try
        {
            using HttpClient client = new() { BaseAddress = await AddressAsync(server), Timeout = TimeSpan.FromMinutes(2) };
            byte[][] files = [.. task.Data.Train.Select(example => File.ReadAllBytes(example.Source))];
            string[] answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => AskAsync(client, files[i % files.Length])));

            Assert.Equal(Enumerable.Range(0, Requests).Select(i => expected[i % files.Length]), answers);
            using HttpResponseMessage refused = await client.PostAsync("/", new StringContent("no image"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private ITransformer Fit(IEstimator<ITransformer> trainer, IDataView train) => _ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Fit(train);

    private void Check(string program, ITransformer model, DataViewSchema schema, IDataView predicted, IReadOnlyList<Example> test)
    {
        string zip = Path.Combine(_out.Path, "model.zip");
        _ml.Model.Save(model, schema, zip);
        string[] lines = ProgramProcess.Run(program, [zip, .. test.Select(example => example.Source)]);

        string[] labels = PipelineData.KeyValues(predicted.Schema);
        Assert.Equal(predicted.GetColumn<uint>("PredictedLabel").Select(key => labels[key - 1]), lines[..^1].Select(line => line.Split('\t')[0]));
        float[][] scores =
            [.. lines[..^1].Select(line => line.Split('\t')[1].Split(' ').Select(score => float.Parse(score, CultureInfo.InvariantCulture)).ToArray())];
        Assert.InRange(PipelineData.Difference(PipelineData.Scores(predicted), scores), 0, 1e-6f);
        Assert.Contains("torch loaded False, torch files 0", lines[^1], StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(HttpClient client, byte[] image)
    {
        using HttpResponseMessage response = await client.PostAsync("/", new ByteArrayContent(image));
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Answer>())!.PredictedLabel;
    }

    private static async Task<Uri> AddressAsync(Process server)
    {
        const string Listening = "Now listening on: ";
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(Listening, StringComparison.Ordinal))
            {
                _ = server.StandardOutput.ReadToEndAsync(); // A full pipe would stop the server.
                return new(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim());
            }
        }

        throw new InvalidOperationException("The server ended: " + await server.StandardError.ReadToEndAsync());
    }

    private sealed record Answer(string PredictedLabel, float[] Score);
}
