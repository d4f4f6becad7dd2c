namespace TransferLab.Runtime;

/// <summary>Reports at once, on the same thread; <see cref="Progress{T}"/> posts to another, and reports come late or out of order.</summary>
public sealed class ImmediateProgress<T>(Action<T> action) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => action(value);
}
