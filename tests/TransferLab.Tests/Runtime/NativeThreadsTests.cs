using System.Runtime.InteropServices;
using TransferLab.Runtime;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Runtime;

[Collection(TorchCollection.Name)]
public sealed class NativeThreadsTests
{
    private static readonly string[] s_settings = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"];

    [Fact]
    public void Threads_of_libtorch_sleep_while_they_wait_unless_somebody_says_otherwise()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // Elsewhere libtorch comes with another OpenMP.
        }

        LibTorch.Load();
        bool isSet = s_settings.Any(name => Environment.GetEnvironmentVariable(name) is not null);
        Assert.Equal(isSet ? Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") : "PASSIVE", Marshal.PtrToStringUTF8(Variable("OMP_WAIT_POLICY")));
    }

    [DllImport("libc", EntryPoint = "getenv")]
    private static extern nint Variable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
