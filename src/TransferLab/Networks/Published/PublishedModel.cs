using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>
/// A pretrained model as its authors published it: weights, and the configuration beside them. Architectures look at it and say whether it is theirs
/// (<see cref="Architectures.Architecture.Recognize"/>). Opening reads headers alone, and nothing in it is executed. Owns the open files.
/// </summary>
internal sealed class PublishedModel : IDisposable
{
    private const string OnnxFolder = "onnx"; // Where the hub's models keep another form of themselves: the configuration stays a folder above.

    private PublishedModel(string path, string folder, IWeightFile weights) => (Path, Folder, Weights) = (path, folder, weights);

    /// <summary>File or folder, as it was given.</summary>
    public string Path { get; }

    /// <summary>The folder that holds the configuration: the path itself, or the folder of the file, or of that the one above where it is called
    /// <c>onnx</c>.</summary>
    public string Folder { get; }

    /// <summary>The tensors under their published names.</summary>
    public IWeightFile Weights { get; }

    /// <summary><c>config.json</c>; null where there is none, or a file was named that is not called <c>model</c> or <c>pytorch_model</c>.</summary>
    public PublishedConfig? Config { get; private init; }

    /// <summary><c>preprocessor_config.json</c>; null where there is none.</summary>
    public PublishedConfig? Preprocessor { get; private init; }

    /// <summary><c>model_type</c> of the configuration; null without one.</summary>
    public string? ModelType => Config?.Text("model_type");

    /// <summary>What the user said about it.</summary>
    public BackboneOptions Options { get; private init; } = new();

    /// <summary>Opens a file or a folder.</summary>
    /// <exception cref="WeightsException">It is missing, damaged or of no known format.</exception>
    public static PublishedModel Open(string path, BackboneOptions? options = null)
    {
        options ??= new();
        string? onnx = OnnxFile.IsOnnx(path) ? path : WeightFile.HoldsNone(path) ? OnnxFile.InFolder(path) : null;
        IWeightFile weights = onnx is null ? WeightFile.Open(path, options.Section) : OnnxFile.Open(onnx);
        try
        {
            bool folder = Directory.Exists(path) || IsUsual(System.IO.Path.GetFileName(path));
            string place = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            place = System.IO.Path.GetFileName(place) == OnnxFolder ? System.IO.Path.GetDirectoryName(place)! : place;
            return new(path, place, weights)
            {
                Options = options,
                Config = folder ? PublishedConfig.Read(System.IO.Path.Combine(place, "config.json")) : null,
                Preprocessor = folder ? PublishedConfig.Read(System.IO.Path.Combine(place, "preprocessor_config.json")) : null,
            };
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    // A file of a folder in the hub's layout, which its configuration belongs to; a file of another name may lie beside anything.
    private static bool IsUsual(string file) => file.StartsWith("model", StringComparison.Ordinal)
        || file.StartsWith("pytorch_model", StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
