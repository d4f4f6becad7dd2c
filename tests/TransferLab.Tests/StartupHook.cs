/// <summary>Ends a process that loads TorchSharp: named in DOTNET_STARTUP_HOOKS it proves that a command needs no libtorch.</summary>
internal static class StartupHook
{
    public const int ExitCode = 77;

    public static void Initialize() => AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
    {
        if (loaded.LoadedAssembly.GetName().Name == "TorchSharp")
        {
            Environment.Exit(ExitCode);
        }
    };
}
