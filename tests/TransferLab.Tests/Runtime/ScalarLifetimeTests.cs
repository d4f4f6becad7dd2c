using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TransferLab.Training;

namespace TransferLab.Tests.Runtime;

/// <summary>
/// TorchSharp does not keep a Scalar alive during the native call that it is made for: a garbage collection at that moment frees it, and a training of
/// hours ends in "Unknown scalar type". So no method may make one for a call, nor call what makes one itself: those of constructors and static fields live on.
/// </summary>
public sealed class ScalarLifetimeTests
{
    private const byte Call = 0x28, VirtualCall = 0x6F;

    [Fact]
    public void No_method_makes_a_scalar_for_one_call()
    {
        HashSet<string> makers = Makers();
        Assert.Superset(
            new HashSet<string> { "Tensor.square()", "Tensor.add_(Tensor)", "Tensor.op_Addition(Tensor,Tensor)", "Tensor.op_Multiply(Tensor,Single)" }, makers);

        using PEReader file = new(File.OpenRead(typeof(Trainer).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        int[] calls = [.. metadata.MemberReferences.Where(handle => Name(metadata, metadata.GetMemberReference(handle)) is { } name
            && makers.Contains(name)).Select(handle => MetadataTokens.GetToken(handle))];
        Assert.NotEmpty(calls); // Some are kept in fields.

        string[] offenders = [.. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(method => metadata.GetString(method.Name) is not (".cctor" or ".ctor") && Calls(file, method).Any(calls.Contains))
            .Select(method => $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}")];
        Assert.Empty(offenders);
    }

    /// <summary>What makes a Scalar in TorchSharp: the conversions, and whatever calls them.</summary>
    private static HashSet<string> Makers()
    {
        using PEReader file = new(File.OpenRead(typeof(TorchSharp.torch).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        Dictionary<int, (string Name, int[] Calls)> methods = metadata.MethodDefinitions.ToDictionary(
            handle => MetadataTokens.GetToken(handle), handle =>
                (Name(metadata, metadata.GetMethodDefinition(handle)), (int[])[.. Calls(file, metadata.GetMethodDefinition(handle))]));
        HashSet<int> makers = [.. methods.Where(method => method.Value.Name.StartsWith("Scalar.op_Implicit", StringComparison.Ordinal)
            || method.Value.Name.StartsWith("ScalarExtensionMethods.", StringComparison.Ordinal)).Select(method => method.Key)];
        int before;
        do
        {
            before = makers.Count;
            makers.UnionWith(methods.Where(method => method.Value.Calls.Any(makers.Contains)).Select(method => method.Key));
        }
        while (makers.Count > before);
        return [.. makers.Select(maker => methods[maker].Name)];
    }

    private static IEnumerable<int> Calls(PEReader file, MethodDefinition method)
    {
        byte[] body = method.RelativeVirtualAddress == 0 ? [] : file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
        for (int i = 0; i + sizeof(int) < body.Length; i++)
        {
            if (body[i] is Call or VirtualCall)
            {
                yield return BitConverter.ToInt32(body, i + 1);
            }
        }
    }

    private static string Name(MetadataReader metadata, MethodDefinition method) =>
        $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}("
            + $"{string.Join(',', method.DecodeSignature(TypeNames.Instance, null).ParameterTypes)})";

    private static string? Name(MetadataReader metadata, MemberReference member) => member.Parent.Kind == HandleKind.TypeReference
        && member.GetKind() == MemberReferenceKind.Method
        ? $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{metadata.GetString(member.Name)}("
            + $"{string.Join(',', member.DecodeMethodSignature(TypeNames.Instance, null).ParameterTypes)})"
        : null;

    /// <summary>Types by their names alone.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public static TypeNames Instance { get; } = new();

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            "specification";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPinnedType(string elementType) => elementType;

        public string GetGenericInstantiation(string genericType, System.Collections.Immutable.ImmutableArray<string> typeArguments) =>
            $"{genericType}<{string.Join(',', typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";
    }
}
