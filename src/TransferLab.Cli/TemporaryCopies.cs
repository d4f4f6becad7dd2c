namespace TransferLab.Cli;

/// <summary>A folder for damaged copies of test images, made when it is first asked for and removed at the end.</summary>
internal sealed class TemporaryCopies : IDisposable
{
    private string? _folder;

    /// <summary>The folder.</summary>
    public string Folder => _folder ??= Directory.CreateTempSubdirectory("transferlab-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
