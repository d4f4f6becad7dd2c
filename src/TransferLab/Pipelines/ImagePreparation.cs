using Onnx;
using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Pipelines;

/// <summary>
/// What this library's own reading of image files does and ML.NET's steps do not, as nodes in front of a network: smoothing where the picture shrinks, turning
/// by EXIF's orientation, transparency on white. A model that was trained on the library's pixels then sees nearly the same in any ML.NET program.
/// </summary>
/// <remarks>
/// <c>ResizeImages</c> gives the picture at the network's size, and wider: where the file's picture is larger than the network's, the wide one is resampled
/// with the triangle filter of the library, otherwise <c>ResizeImages</c> interpolates bilinearly, as the library does.
/// </remarks>
internal static class ImagePreparation
{
    /// <summary>How much wider than the network's the wide picture is.</summary>
    public const int Widening = 3;

    /// <summary>Above this ratio of the file's picture to the network's, <c>ResizeImages</c> differs more than the wide picture does: 3 to 4 levels in the mean
    /// against 1.5, on photographs.</summary>
    private const float Shrinking = 1.05f;

    /// <summary>Puts the nodes in front of a graph that reads planes [1, 3, size, size].</summary>
    /// <param name="graph">The network.</param>
    /// <param name="size">The size that pictures are prepared at.</param>
    /// <param name="shown">The network's size of images: the middle of the prepared ones.</param>
    /// <param name="file">The file's bytes, [1, N] uint8.</param>
    /// <param name="wide">The wide picture, planes [1, 4, Widening * size, Widening * size] uint8: alpha, red, green, blue.</param>
    /// <param name="direct">The picture at the network's size, in the same planes.</param>
    /// <param name="asInput">What the network calls its input.</param>
    public static void PutBefore(GraphProto graph, int size, int shown, string file, string wide, string direct, string asInput)
    {
        GraphPart part = new("pixels");
        ImageHeader header = new(part, file);
        string side = header.ShortSide(), mostlyShrunk = part.Integer((long)(Shrinking * size));
        string isShrunk = part.Node("Or", [part.Node("Equal", [side, part.Integer(0)]), part.Node("Greater", [side, mostlyShrunk])]);
        string picture = part.Node("Where", [isShrunk, Smooth(part, OnWhite(part, wide), size), OnWhite(part, direct)]);
        string rounded = part.Node("Floor", [part.Node("Add", [picture, part.Float(0.5f)])]);
        string bytes = part.Node("Max", [part.Node("Min", [rounded, part.Float(255)]), part.Float(0)]);
        part.PutBefore(graph, Middle(part, Turn(part, bytes, size, header.Orientation()), size, shown), asInput);
    }

    private static string Middle(GraphPart part, string picture, int size, int shown)
    {
        long first = (size - shown) / 2;
        return size == shown
            ? picture
            : part.Node("Slice", [picture, part.Integers(first, first), part.Integers(first + shown, first + shown), part.Integers(2, 3)]);
    }

    /// <summary>[1, 3, H, W] float32: what is transparent lies on white. ML.NET's pixels are multiplied by their coverage already.</summary>
    private static string OnWhite(GraphPart part, string planes)
    {
        string values = part.Cast(planes, OnnxType.Float);
        string alpha = part.Node("Slice", [values, part.Integers(0), part.Integers(1), part.Integers(1)]);
        string colours = part.Node("Slice", [values, part.Integers(1), part.Integers(4), part.Integers(1)]);
        return part.Node("Add", [colours, part.Node("Sub", [part.Float(255), alpha])]);
    }

    private static string Smooth(GraphPart part, string planes, int size)
    {
        int width = Widening * size;
        float[] weights = Weights(size), turned = new float[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            turned[(i % width * size) + (i / width)] = weights[i];
        }

        string rows = part.Node("MatMul", [part.Floats(weights, size, width), planes]);             // (1, 3, size, width)
        return part.Node("MatMul", [rows, part.Floats(turned, width, size)]);                       // (1, 3, size, size)
    }

    /// <summary>[size, Widening * size]: a triangle as wide as the step on both sides, reflected at the edge.</summary>
    private static float[] Weights(int size)
    {
        int width = Widening * size;
        float[] weights = new float[size * width];
        for (int position = 0; position < size; position++)
        {
            double centre = ((position + 0.5) * Widening) - 0.5;
            for (int i = (int)Math.Ceiling(centre - Widening); i <= centre + Widening; i++)
            {
                int reflected = i < 0 ? -1 - i : i >= width ? (2 * width) - 1 - i : i;
                weights[(position * width) + reflected] += (float)((1 - (Math.Abs(i - centre) / Widening)) / Widening);
            }
        }

        return weights;
    }

    /// <summary>Upright, by mirroring both ways and swapping the axes, as the orientation asks for.</summary>
    private static string Turn(GraphPart part, string picture, int size, string orientation)
    {
        string forth = part.Integers([.. Enumerable.Range(0, size).Select(i => (long)i)]),
            back = part.Integers([.. Enumerable.Range(0, size).Select(i => (long)(size - 1 - i))]);
        string Among(params long[] values) => part.Cast(
            part.Node("ReduceMax", [part.Cast(part.Node("Equal", [orientation, part.Integers(values)]), OnnxType.Int64)], ("keepdims", 0)), OnnxType.Bool);
        string mirrored = part.Node("Gather", [picture, part.Node("Where", [Among(2, 3, 7, 8), back, forth])], ("axis", 3));
        string flipped = part.Node("Gather", [mirrored, part.Node("Where", [Among(3, 4, 6, 7), back, forth])], ("axis", 2));
        return part.Node("Where", [Among(5, 6, 7, 8), part.Transpose(flipped, 0, 1, 3, 2), flipped]);
    }
}
