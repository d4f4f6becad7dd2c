using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>How an encoder is found in a model file again: the counterpart of <see cref="InputEncoder.AddTo"/>.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="IsIn">Whether a file's metadata holds one.</param>
/// <param name="Read">Makes it; throws <see cref="WeightsException"/> where the metadata is damaged.</param>
public sealed record EncoderFormat(string Name, Predicate<IReadOnlyDictionary<string, string>> IsIn, Func<SafetensorsFile, InputEncoder> Read);
