namespace TransferLab.Runtime;

/// <summary>Several things that are disposed as one, in their order.</summary>
internal sealed class Disposables(IReadOnlyList<IDisposable> items) : IDisposable
{
    public void Dispose()
    {
        foreach (IDisposable item in items)
        {
            item.Dispose();
        }
    }
}
