using System.Runtime.InteropServices;

namespace TransferLab.Networks.Weights;

/// <summary>The bytes of floating-point numbers as float32 values.</summary>
internal static class FloatValues
{
    /// <returns>The values, or null where the type holds no floating-point numbers.</returns>
    public static float[]? From(string type, byte[] bytes) => type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        "F64" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value),
        "F16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
        "BF16" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        _ => null,
    };
}
