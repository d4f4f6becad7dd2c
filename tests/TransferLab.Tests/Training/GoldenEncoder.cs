using TransferLab.Data;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>Inputs that are given as numbers: an example's source is its row.</summary>
/// <param name="Rows">[N, ...], all examples.</param>
/// <param name="Mask">[N, T], 0 for padding; null for none.</param>
internal sealed record GoldenEncoder(Tensor Rows, Tensor? Mask = null) : InputEncoder
{
    public override string Kind => "golden";

    public override string Description => "numbers";

    public override string Key => "golden";

    public override Tensor Encode(IReadOnlyList<Example> examples, AugmentedViews? views, CancellationToken cancellation) =>
        tensor(examples.Select(example => long.Parse(example.Source, System.Globalization.CultureInfo.InvariantCulture)).ToArray());

    // Images channels-last, as the library's own: on some processors libtorch 2.10's gradient by the input of a contiguous 3x3 convolution of 8 channels is off
    // by a third.
    public override Batch Normalize(Tensor raw, Device device, ScalarType type)
    {
        Tensor rows = Rows.index_select(0, raw);
        return new Batch(rows.Dimensions == 4 ? ChannelsLast.Of(rows) : rows, Mask?.index_select(0, raw));
    }
}
