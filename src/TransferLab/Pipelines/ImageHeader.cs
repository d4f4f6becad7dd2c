using OnnxType = Onnx.TensorProto.Types.DataType;

namespace TransferLab.Pipelines;

/// <summary>What an image file says of itself, read by nodes of a graph: ML.NET's steps keep neither the size of the file's picture nor its EXIF
/// orientation.</summary>
/// <remarks>Only the first mebibyte of a file is looked at. All numbers are int64.</remarks>
internal sealed class ImageHeader
{
    private const int Looked = 1 << 20, Entries = 64;
    private readonly GraphPart _part;
    private readonly string _bytes, _last;

    /// <param name="part">Receives the nodes.</param>
    /// <param name="file">The file's bytes, [1, N] uint8.</param>
    public ImageHeader(GraphPart part, string file)
    {
        _part = part;
        string all = part.Node("Reshape", [file, part.Integers(-1)]);
        _bytes = part.Cast(part.Node("Slice", [all, part.Integers(0), part.Integers(Looked), part.Integers(0)]), OnnxType.Int32);
        _last = part.Node("Sub", [part.Node("Size", [_bytes]), part.Integer(1)]);
    }

    /// <summary>
    /// EXIF's orientation, 1 to 8; 1 where the file has none: the tag 0x0112 of the first directory of a TIFF structure (CIPA DC-008), behind <c>Exif\0\0</c>,
    /// or in a PNG behind <c>eXIf</c>.
    /// </summary>
    public string Orientation()
    {
        string inJpeg = First(Where([(0, 'E', 'E'), (1, 'x', 'x'), (2, 'i', 'i'), (3, 'f', 'f'), (4, 0, 0), (5, 0, 0)], length: 6));
        string inPng = First(Where([(0, 'e', 'e'), (1, 'X', 'X'), (2, 'I', 'I'), (3, 'f', 'f')], length: 4));
        string isPng = And(Equal(Byte(_part.Integer(0)), 0x89), Equal(Byte(_part.Integer(1)), 'P'));
        string found = _part.Node("Where", [isPng, inPng, inJpeg]);
        string tiff = _part.Node("Where", [isPng, Add(inPng, 4), Add(inJpeg, 6)]);
        string isLittle = Equal(Byte(tiff), 'I');
        string directory =
            _part.Node("Add", [tiff, Number(_part.Node("Add", [tiff, _part.Node("Where", [isLittle, _part.Integer(4), _part.Integer(6)])]), isLittle)]);
        string entries = _part.Integers([.. Enumerable.Range(0, Entries).Select(i => (long)i)]);
        string at = _part.Node("Add", [_part.Node("Mul", [entries, _part.Integer(12)]), Add(directory, 2)]);
        string isEntry = _part.Node("Less", [entries, Number(directory, isLittle)]);
        string isOrientation = And(isEntry, Equal(Number(at, isLittle), 0x0112));
        string value = Largest(_part.Node("Where", [isOrientation, Number(Add(at, 8), isLittle), _part.Integer(1)]));
        string isKnown = And(_part.Node("GreaterOrEqual", [found, _part.Integer(0)]), _part.Node("LessOrEqual", [value, _part.Integer(8)]));
        return _part.Node("Where", [isKnown, _part.Node("Max", [value, _part.Integer(1)]), _part.Integer(1)]);
    }

    /// <summary>The picture's shorter side, pixels; 0 where the format is none of JPEG, PNG, GIF and BMP. Of several JPEGs in one file, thumbnails, the largest
    /// counts.</summary>
    public string ShortSide()
    {
        // Frames of 8 bits and one or three components: FF C0..C2, the length 11 or 17, 8; in a scan's data no such bytes stand.
        string frames = Where([(0, 0xFF, 0xFF), (1, 0xC0, 0xC2), (2, 0, 0), (3, 11, 17), (4, 8, 8)], length: 9);
        string jpeg = Largest(_part.Node("Concat", [Shorter(Big(Add(frames, 5)), Big(Add(frames, 7))), _part.Integers(0)], ("axis", 0)));
        string png = Shorter(Big(_part.Integer(18)), Big(_part.Integer(22)));
        string gif = Shorter(Little(_part.Integer(6)), Little(_part.Integer(8)));
        string bmp = Shorter(Little(_part.Integer(18)), Little(_part.Integer(22)));
        string first = Byte(_part.Integer(0)), second = Byte(_part.Integer(1));
        string Choose(int one, int two, string then, string otherwise) => _part.Node("Where", [And(Equal(first, one), Equal(second, two)), then, otherwise]);
        return Choose(0xFF, 0xD8, jpeg, Choose(0x89, 'P', png, Choose('G', 'I', gif, Choose('B', 'M', bmp, _part.Integer(0)))));
    }

    /// <summary>All positions [count] at which bytes lie within bounds.</summary>
    private string Where((int Offset, int Low, int High)[] pattern, int length)
    {
        string? all = null;
        foreach ((int offset, int low, int high) in pattern)
        {
            long end = offset == length - 1 ? int.MaxValue : offset - length + 1;
            string bytes = _part.Node("Slice", [_bytes, _part.Integers(offset), _part.Integers(end), _part.Integers(0)]);
            string lowest = _part.Cast(_part.Integer(low), OnnxType.Int32), highest = _part.Cast(_part.Integer(high), OnnxType.Int32);
            string within = low == high ? _part.Node("Equal", [bytes, lowest])
                : And(_part.Node("GreaterOrEqual", [bytes, lowest]), _part.Node("LessOrEqual", [bytes, highest]));
            all = all is null ? within : And(all, within);
        }

        return _part.Node("Reshape", [_part.Node("NonZero", [all!]), _part.Integers(-1)]);
    }

    /// <summary>The first position; -1 where there is none.</summary>
    private string First(string positions) =>
        _part.Node("Gather", [_part.Node("Concat", [positions, _part.Integers(-1)], ("axis", 0)), _part.Integer(0)], ("axis", 0));

    private string Byte(string at)
    {
        string inside = _part.Node("Max", [_part.Node("Min", [at, _last]), _part.Integer(0)]);
        return _part.Cast(_part.Node("Gather", [_bytes, inside], ("axis", 0)), OnnxType.Int64);
    }

    /// <summary>Two bytes as a number.</summary>
    private string Number(string at, string isLittle) => _part.Node("Where", [isLittle, Little(at), Big(at)]);

    private string Little(string at) => _part.Node("Add", [Byte(at), _part.Node("Mul", [Byte(Add(at, 1)), _part.Integer(256)])]);

    private string Big(string at) => _part.Node("Add", [Byte(Add(at, 1)), _part.Node("Mul", [Byte(at), _part.Integer(256)])]);

    private string Shorter(string width, string height) => _part.Node("Min", [width, height]);

    private string Largest(string values) => _part.Node("ReduceMax", [values], ("keepdims", 0));

    private string Add(string value, long more) => _part.Node("Add", [value, _part.Integer(more)]);

    private string Equal(string value, long number) => _part.Node("Equal", [value, _part.Integer(number)]);

    private string And(string one, string other) => _part.Node("And", [one, other]);
}
