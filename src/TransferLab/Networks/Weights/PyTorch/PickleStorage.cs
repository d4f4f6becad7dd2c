namespace TransferLab.Networks.Weights;

/// <summary>A storage of a PyTorch file: a run of numbers that tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Type of its numbers; null for a storage of bytes whose tensors bring their own.</param>
/// <param name="Count">Elements, or bytes where there is no type.</param>
internal sealed record PickleStorage(string Key, TensorType? Type, long Count)
{
    /// <summary>Where its bytes begin in the file, once the archive was laid out.</summary>
    public long Position { get; set; }

    public long Bytes => Count * (Type?.Size ?? 1);
}

/// <summary>A storage as a pickle refers to it: whole, or in old files a part of a larger one.</summary>
internal sealed record StoragePart(PickleStorage Storage, long Offset, long Count);
