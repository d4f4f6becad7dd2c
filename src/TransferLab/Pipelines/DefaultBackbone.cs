using System.Reflection;
using TransferLab.Networks;

namespace TransferLab.Pipelines;

/// <summary>The backbone where a program names none: that of the backbone package it references.</summary>
internal static class DefaultBackbone
{
    private const string Images = "TransferLab.Backbones.ResNet18", Texts = "TransferLab.Backbones.MiniLM";

    /// <exception cref="InvalidOperationException">No such package is beside the program.</exception>
    public static Backbone For(string kind) => kind == "image" ? Create(Images, "ImageNetAt", 224) : Create(Texts, "English", 128);

    /// <summary>Packages are found by name: the library is below them, and does not know them. Each holds one class, of the package's own name.</summary>
    private static Backbone Create(string package, string method, int size)
    {
        MethodInfo create = Type.GetType($"{package}, {package}")?.GetMethod(method, [typeof(int)])
            ?? throw new InvalidOperationException(
                $"No backbone is named, and the default's package is not beside the program: add the package {package}, or set Backbone.");
        try
        {
            return (Backbone)create.Invoke(null, [size])!;
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }
}
