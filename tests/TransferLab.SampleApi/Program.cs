using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

// Serves a saved image model:   dotnet run -- --model model.zip     then     curl --data-binary @picture.jpg http://localhost:5000/
// The model reads a column Image, and its PredictedLabel is text (MapKeyToValue at the end of its pipeline).
WebApplication app = WebApplication.CreateBuilder(args).Build();
MLContext ml = new();
ITransformer model = ml.Model.Load(app.Configuration["model"] ?? throw new InvalidOperationException("Say which model: --model model.zip"), out _);
ConcurrentBag<PredictionEngine<Input, Output>> engines = []; // An engine serves one request at a time; the model below them serves all.

app.MapPost("/", async (HttpRequest request) =>
{
    using MemoryStream body = new();
    await request.Body.CopyToAsync(body);
    body.Position = 0;
    MLImage image;
    try
    {
        image = MLImage.CreateFromStream(body);
    }
    catch (ArgumentException)
    {
        return Results.BadRequest("The body is not an image.");
    }

    using (image)
    {
        PredictionEngine<Input, Output> engine = engines.TryTake(out PredictionEngine<Input, Output>? free)
            ? free
            : ml.Model.CreatePredictionEngine<Input, Output>(model);
        Output output = engine.Predict(new() { Image = image });
        engines.Add(engine);
        return Results.Ok(output);
    }
});
app.Run();

internal sealed class Input
{
    [ImageType(1, 1)] // ML.NET wants a size here and heeds none: images of any size come.
    public MLImage? Image { get; set; }

    public string Label { get; set; } = "";
}

internal sealed class Output
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
