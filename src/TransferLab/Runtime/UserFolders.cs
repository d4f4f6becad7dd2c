namespace TransferLab.Runtime;

/// <summary>Where the program may keep what it can make again.</summary>
internal static class UserFolders
{
    /// <summary>The user's cache folder for TransferLab: XDG_CACHE_HOME or the platform's local application data.</summary>
    public static string Cache
    {
        get
        {
            string? xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            string root = !string.IsNullOrEmpty(xdg) ? xdg : LocalRoot();
            return Path.Combine(root, "transferlab");
        }
    }

    private static string LocalRoot()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsWindows() || home.Length == 0
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local ? local : Path.GetTempPath()
            : Path.Combine(home, ".cache");
    }
}
