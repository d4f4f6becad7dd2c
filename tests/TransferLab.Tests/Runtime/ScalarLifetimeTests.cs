using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TransferLab.Training;

namespace TransferLab.Tests.Runtime;

/// <summary>
/// TorchSharp does not keep a Scalar alive during the native call that it is made for: a garbage collection at that moment frees it, and a training of
/// hours ends in "Unknown scalar type". So no method may make one for a call: those of constructors and static fields live on.
/// </summary>
public sealed class ScalarLifetimeTests
{
    private const byte Call = 0x28;

    [Fact]
    public void No_method_makes_a_scalar_for_one_call()
    {
        using PEReader file = new(File.OpenRead(typeof(Trainer).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        byte[][] calls = [.. metadata.MemberReferences.Where(handle => MakesScalar(metadata, metadata.GetMemberReference(handle)))
            .Select(handle => (byte[])[Call, .. BitConverter.GetBytes(MetadataTokens.GetToken(handle))])];
        Assert.NotEmpty(calls); // Some are kept in fields.

        string[] offenders = [.. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(method => method.RelativeVirtualAddress != 0 && metadata.GetString(method.Name) is not (".cctor" or ".ctor"))
            .Where(method => file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() is { } body && calls.Any(call => body.AsSpan().IndexOf(call) >= 0))
            .Select(method => $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}")];
        Assert.Empty(offenders);
    }

    private static bool MakesScalar(MetadataReader metadata, MemberReference member) =>
        member.Parent.Kind == HandleKind.TypeReference
        && (metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name), metadata.GetString(member.Name)) switch
        {
            ("Scalar", "op_Implicit") or ("ScalarExtensionMethods", "ToScalar") => true,
            ("Tensor", "op_Addition" or "op_Subtraction") => true, // They make one themselves, for the factor,
            ("Tensor", "add" or "add_" or "sub" or "sub_") => Parameters(metadata, member) == 1, // as these do where none is given.
            ("torch", "arange" or "full") => true,
            ("functional", "normalize") => true,
            _ => false,
        };

    private static int Parameters(MetadataReader metadata, MemberReference member)
    {
        BlobReader signature = metadata.GetBlobReader(member.Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }
}
