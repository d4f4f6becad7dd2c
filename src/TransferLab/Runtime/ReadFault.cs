namespace TransferLab.Runtime;

/// <summary>Why a file could not be opened, in words that follow its name: .NET's own hold the whole path once more, of whatever machine it is.</summary>
internal static class ReadFault
{
    /// <summary>The reason: "there is no such file".</summary>
    /// <param name="path">The file, as it was given.</param>
    /// <param name="e">What opening or reading it threw.</param>
    public static string Of(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        _ when Directory.Exists(path) => "is a folder; name a file in it",
        UnauthorizedAccessException => "cannot be read (access is denied)",
        _ => $"cannot be read ({e.Message.TrimEnd('.')})",
    };
}
