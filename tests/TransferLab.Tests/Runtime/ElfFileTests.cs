using TransferLab.Runtime;

namespace TransferLab.Tests.Runtime;

/// <summary>The patch that lets TorchSharp's shim load where libstdc++ is older, on the shim itself.</summary>
public sealed class ElfFileTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [SkippableFact]
    public void Exactly_the_weak_flag_of_the_version_is_set()
    {
        byte[] original = Shim(), patched = [.. original];

        Assert.True(ElfFile.MakeVersionOptional(patched, Version));
        int[] changed = [.. Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i])];
        int flag = Assert.Single(changed);
        Assert.Equal((0, 2), (original[flag], patched[flag]));
        Assert.True(ElfFile.MakeVersionOptional(patched, Version)); // Again: no further change.
        Assert.Equal(1, Enumerable.Range(0, original.Length).Count(i => original[i] != patched[i]));
    }

    [SkippableFact]
    public void A_version_that_is_not_needed_changes_nothing()
    {
        byte[] original = Shim(), patched = [.. original];

        Assert.False(ElfFile.MakeVersionOptional(patched, "GLIBCXX_9.9.9"));
        Assert.Equal(original, patched);
    }

    [SkippableFact]
    public void Truncated_and_damaged_files_never_throw()
    {
        byte[] original = Shim();
        Random random = new(1);
        foreach (int length in (int[])[0, 1, 63, 64, 100, 4096, original.Length / 2, original.Length - 1])
        {
            ElfFile.MakeVersionOptional(original[..length], Version);
        }

        for (int i = 0; i < 200; i++)
        {
            byte[] header = [.. original.AsSpan(0, 4096)];
            header[random.Next(6, 64)] = (byte)random.Next(256);
            ElfFile.MakeVersionOptional(header, Version);
        }

        byte[] damaged = [.. original];
        int sections = (int)BitConverter.ToInt64(original, 0x28);
        for (int i = 0; i < 200; i++)
        {
            int at = random.Next(sections, original.Length);
            damaged[at] = (byte)random.Next(256);
            ElfFile.MakeVersionOptional([.. damaged], Version);
        }
    }

    [Fact]
    public void What_is_no_64_bit_ELF_file_is_refused()
    {
        byte[] garbage = new byte[1000];
        new Random(2).NextBytes(garbage);

        Assert.False(ElfFile.MakeVersionOptional(garbage, Version));
        Assert.False(ElfFile.MakeVersionOptional([], Version));
        Assert.False(ElfFile.MakeVersionOptional([.. "\u007fELF\u0002\u0001"u8, .. garbage.AsSpan(6)], Version));
    }

    private static byte[] Shim()
    {
        string[] found = Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories);
        Skip.If(!OperatingSystem.IsLinux() || found.Length == 0, "only on Linux");
        return File.ReadAllBytes(found[0]);
    }
}
