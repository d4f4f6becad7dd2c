using System.Reflection;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// A family of networks: builds one from its description, checks a file before anything is built, and knows names, learning rates and the form as ONNX. The
/// library's own are in <see cref="Registry.Known"/>; one of one's own is added by <see cref="Registry.With(Architecture)"/>.
/// </summary>
public abstract class Architecture
{
    /// <summary>Name of the family, such as <c>resnet</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Learning rates that suit the family.</summary>
    public virtual Recipe Recipe => Recipe.Convolutional;

    /// <summary>Whether a description, as saved models hold it, is of this family.</summary>
    public abstract bool Describes(string description);

    /// <summary>Builds the network of a description with random weights from torch's generator. The caller owns it.</summary>
    public abstract BackboneNetwork Build(string description);

    /// <summary>
    /// Refuses a file that does not hold the network of a description, before anything is built: a description of a few letters can stand for gigabytes. Every
    /// tensor is compared when the weights are filled in; here it is enough that what is large is there.
    /// </summary>
    /// <param name="file">Names and shapes of its tensors are looked at.</param>
    /// <param name="description">As the file names it.</param>
    /// <param name="encoder">How inputs reach the network: its longest texts, say, must fit.</param>
    /// <exception cref="WeightsException">One line: what is missing or does not fit.</exception>
    public abstract void Check(SafetensorsFile file, string description, InputEncoder encoder);

    /// <summary>The network's name for a parameter of a published file; null for one that it leaves aside, such as a pretraining head.</summary>
    public virtual string? ParameterName(string published) => published;

    /// <summary>A network of this family.</summary>
    /// <exception cref="ArgumentException">The description is of another.</exception>
    public ArchitectureDescription Describe(string description) => Describes(description) ? new(this, description)
        : throw new ArgumentException($"'{description}' describes no network of the family '{Name}'.", nameof(description));

    /// <summary>About what a batch of images takes in a network of this family; ResNet-18's where a family does not tell.</summary>
    internal virtual StepMemory MemoryOf(string description) => StepMemory.Usual;

    /// <summary>Names and shapes of the large tensors of a network, first to last, made as they are asked for; none where a family does not tell.</summary>
    internal virtual IEnumerable<(string Name, long[] Shape)> LargeTensors(string description) => [];

    /// <summary>Looks at a published model: by <c>model_type</c> of its configuration, or by the names and shapes of its tensors.</summary>
    /// <param name="model">Open files; only headers and configuration have been read.</param>
    /// <returns>What a backbone needs; null where it is of another family.</returns>
    /// <exception cref="WeightsException">It is of this family, and damaged or of a kind that is not built: one line.</exception>
    internal virtual PublishedBackbone? Recognize(PublishedModel model) => null;

    /// <summary>Looks at a published model as a language model: a body and an output layer over a vocabulary.</summary>
    /// <param name="model">Open files; only headers and configuration have been read.</param>
    /// <returns>Null where it is of another family, or the family has no language models.</returns>
    /// <exception cref="WeightsException">It is of this family, and damaged or of a kind that is not built: one line.</exception>
    internal virtual PublishedLanguageModel? RecognizeLanguageModel(PublishedModel model) => null;

    /// <summary>A language model's configuration as the hub has it, <c>config.json</c>.</summary>
    /// <param name="description">The network.</param>
    /// <param name="special">Ids of special tokens by key, such as <c>eos_token_id</c>.</param>
    /// <param name="type">Of the weights, such as <c>float32</c>.</param>
    /// <exception cref="NotSupportedException">The family has no language models.</exception>
    internal virtual byte[] ToConfig(string description, IReadOnlyDictionary<string, long> special, string type) =>
        throw new NotSupportedException($"Networks of the family '{Name}' are no language models.");

    /// <summary>A language model as GGUF: what the header says of the network, and its tensors in the file's names and order of rows.</summary>
    /// <param name="description">The network.</param>
    /// <param name="state">Its weights by name, float32, output layer included; they stay the caller's.</param>
    /// <param name="type">Of the matrices, such as F16; vectors are F32.</param>
    /// <exception cref="NotSupportedException">The family has no language models, or this one has no such form.</exception>
    internal virtual (IReadOnlyList<KeyValuePair<string, object>> Metadata, IReadOnlyList<GgufTensor> Tensors) ToGguf(
        string description, IReadOnlyDictionary<string, Tensor> state, string type) =>
        throw new NotSupportedException($"Networks of the family '{Name}' are no language models.");

    /// <summary>The name in GGUF of a layer's matrix, and how many heads' rows are in adjacent pairs there; null where it has none.</summary>
    internal virtual (string Name, long? PairedHeads)? GgufMatrix(string description, string layer) => null;

    /// <summary>Whether networks of the family can be written as ONNX.</summary>
    internal bool WritesOnnx =>
        GetType().GetMethod(nameof(AddTo), BindingFlags.Instance | BindingFlags.NonPublic)!.DeclaringType != typeof(Architecture);

    /// <summary>Adds inputs and network to an ONNX graph.</summary>
    /// <returns>Name of the features [N, width].</returns>
    /// <exception cref="NotSupportedException">The family cannot be written so.</exception>
    internal virtual string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        throw new NotSupportedException($"Networks of the family '{Name}' cannot be written as ONNX.");
}
