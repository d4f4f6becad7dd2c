using System.Runtime.InteropServices;

namespace TransferLab.Cli;

/// <summary>
/// ONNX Runtime 1.31.1 for Linux is built to report its use over the network and keeps a device's number in the home folder, unless a variable of the
/// process says no. This tool works offline, so it says no; who sets the variable decides otherwise.
/// </summary>
internal static class OnnxRuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY", Yes = "1";

    /// <summary>Before ONNX Runtime is loaded.</summary>
    public static void TurnOff()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, Yes);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            _ = SetNative(Variable, Yes, overwrite: 1); // Outside Windows .NET keeps variables to itself, and native code does not see them.
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system whose C library has another name: nothing else hangs on it.
        }
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNative([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
