using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TransferLab.Runtime;

namespace TransferLab.Tests.Runtime;

public sealed class NativeMemoryTests
{
    private const byte Call = 0x28;

    [Fact]
    public void The_library_never_changes_the_heap_by_itself()
    {
        using PEReader file = new(File.OpenRead(typeof(NativeMemory).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        MethodDefinitionHandle tune =
            metadata.MethodDefinitions.Single(handle => metadata.GetString(metadata.GetMethodDefinition(handle).Name) == nameof(NativeMemory.TuneForTraining));
        byte[] call = [Call, .. BitConverter.GetBytes(MetadataTokens.GetToken(tune))];

        Assert.DoesNotContain(metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0),
            method => file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() is { } body && body.AsSpan().IndexOf(call) >= 0);
    }

    [SkippableFact]
    public void A_program_that_asks_for_it_gets_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "glibc alone has the settings");
        NativeMemory.TuneForTraining();
        Assert.True(NativeMemory.IsTuned);
    }
}
