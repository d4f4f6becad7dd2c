using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Numerics;

namespace TransferLab.Networks.Weights;

/// <summary>
/// Reads a pickle (https://docs.python.org/3/library/pickletools.html) as data: texts, numbers, lists, dictionaries, storages and tensors. The few names of
/// <see cref="PickleGlobal"/> are understood here, in this code; every other name is refused as soon as it is met, and nothing is imported or executed. Work
/// and memory are bounded by the number of instructions.
/// </summary>
/// <param name="cursor">Where the pickle is; left after its end.</param>
/// <param name="storage">Makes of a persistent id what stands for it, or null where it is none of a storage.</param>
internal sealed class PickleReader(FileCursor cursor, Func<object?[], object?> storage)
{
    /// <summary>Bytes of a pickle that are read at most: far more than the names and shapes of the largest networks take.</summary>
    public const long MaxBytes = 64 << 20;

    private const int MaxSteps = 4_000_000;
    private const int MaxDigits = 256;
    private readonly PickleStack stack = new();
    private int steps;

    /// <summary>Reads one pickle.</summary>
    /// <exception cref="WeightsException">It mentions what is not allowed, is damaged, or is too large.</exception>
    public object? Read()
    {
        try
        {
            while (true)
            {
                Spend(1);
                byte code = cursor.Byte();
                if (code == '.')
                {
                    return stack.Pop();
                }

                if (!Structure(code) && !Scalar(code) && !Text(code) && !Memory(code) && !Objects(code))
                {
                    throw new FormatException($"the instruction {Named(code)} is not one that a file of weights needs");
                }
            }
        }
        catch (FormatException e)
        {
            throw cursor.Error($"before byte {cursor.Position}: {e.Message}", e);
        }
    }

    private bool Structure(byte code)
    {
        switch (code)
        {
            case (byte)'(':
                stack.Mark();
                return true;
            case (byte)'0':
                stack.Pop();
                return true;
            case (byte)'1':
                stack.PopToMark();
                return true;
            case (byte)'2':
                stack.Push(stack.Top);
                return true;
            case (byte)')':
                stack.Push(Array.Empty<object?>());
                return true;
            case (byte)'t':
                stack.Push(stack.PopToMark());
                return true;
            case 0x85 or 0x86 or 0x87:
                stack.Push(stack.Pop(code - 0x84));
                return true;
            case (byte)']':
                stack.Push(new List<object?>());
                return true;
            case (byte)'l':
                stack.Push(stack.PopToMark().ToList());
                return true;
            case (byte)'a':
                Append(stack.Pop(1));
                return true;
            case (byte)'e':
                Append(stack.PopToMark());
                return true;
            case (byte)'}':
                stack.Push(new PickleDictionary());
                return true;
            case (byte)'d':
                object?[] items = stack.PopToMark();
                stack.Push(new PickleDictionary());
                SetItems(items);
                return true;
            case (byte)'s':
                SetItems(stack.Pop(2));
                return true;
            case (byte)'u':
                SetItems(stack.PopToMark());
                return true;
            default:
                return false;
        }
    }

    private bool Scalar(byte code)
    {
        object? value;
        switch (code)
        {
            case (byte)'N':
                value = null;
                break;
            case 0x88 or 0x89:
                value = code == 0x88;
                break;
            case (byte)'K':
                value = (long)cursor.Byte();
                break;
            case (byte)'M':
                value = (long)cursor.UInt16();
                break;
            case (byte)'J':
                value = (long)(int)cursor.UInt32();
                break;
            case (byte)'G':
                value = BinaryPrimitives.ReadDoubleBigEndian(cursor.Small(8));
                break;
            case 0x8a:
                value = Integer(cursor.Byte());
                break;
            case 0x8b:
                value = Integer(cursor.UInt32());
                break;
            case (byte)'I':
                string line = cursor.Line();
                value = line is "00" or "01" ? line == "01" : Decimal(line);
                break;
            case (byte)'L':
                value = Decimal(cursor.Line().TrimEnd('L'));
                break;
            case (byte)'F':
                value = double.TryParse(cursor.Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number
                    : throw new FormatException("a number is none");
                break;
            default:
                return false;
        }

        stack.Push(value);
        return true;
    }

    private bool Text(byte code)
    {
        switch (code)
        {
            case (byte)'X' or (byte)'T':
                stack.Push(cursor.Text(cursor.UInt32()));
                return true;
            case 0x8c or (byte)'U':
                stack.Push(cursor.Text(cursor.Byte()));
                return true;
            case 0x8d:
                stack.Push(cursor.Text(cursor.UInt64()));
                return true;
            case (byte)'C':
                stack.Push(cursor.Bytes(cursor.Byte()));
                return true;
            case (byte)'B':
                stack.Push(cursor.Bytes(cursor.UInt32()));
                return true;
            default:
                return false;
        }
    }

    private bool Memory(byte code)
    {
        switch (code)
        {
            case (byte)'q':
                stack.Remember(cursor.Byte());
                return true;
            case (byte)'r':
                stack.Remember(cursor.UInt32());
                return true;
            case 0x94:
                stack.RememberNext();
                return true;
            case (byte)'p':
                stack.Remember(Index(cursor.Line()));
                return true;
            case (byte)'h':
                stack.Push(stack.Recall(cursor.Byte()));
                return true;
            case (byte)'j':
                stack.Push(stack.Recall(cursor.UInt32()));
                return true;
            case (byte)'g':
                stack.Push(stack.Recall(Index(cursor.Line())));
                return true;
            default:
                return false;
        }
    }

    private bool Objects(byte code)
    {
        switch (code)
        {
            case 0x80:
                byte version = cursor.Byte();
                return version is >= 1 and <= 5 ? true : throw new FormatException($"it is of version {version}; 1 to 5 are read");
            case 0x95:
                cursor.UInt64(); // The length of what follows; the end of the part is what counts.
                return true;
            case (byte)'c' or (byte)'i':
                stack.Push(Allowed(cursor.Line(), cursor.Line()));
                return code == 'c' ? true : throw new FormatException("it makes objects in the way of Python 1");
            case 0x93:
                stack.Push(stack.Pop(2) is [string module, string name] ? Allowed(module, name) : throw new FormatException("a name is no text"));
                return true;
            case (byte)'R' or 0x81:
                object?[] call = stack.Pop(2);
                stack.Push(Call(call[0], call[1]));
                return true;
            case (byte)'b':
                Build(stack.Pop());
                return true;
            case (byte)'Q':
                object? id = stack.Pop();
                stack.Push((id is object?[] parts ? storage(parts) : null) ?? throw new FormatException("it refers to something that is no storage"));
                return true;
            default:
                return false;
        }
    }

    private static PickleGlobal Allowed(string module, string name) => PickleGlobal.Find(module, name)
        ?? throw new FormatException(
            $"'{module}.{name}' is not allowed: only tensors, dictionaries, lists, texts and numbers are read, and nothing is executed; save the network's "
                + $"state_dict() alone");

    private object Call(object? function, object? arguments)
    {
        if (function is not PickleGlobal { Call: { } call } global || arguments is not object?[] values)
        {
            throw new FormatException("something is called that cannot be");
        }

        // What is copied counts as work: a long list is not to be copied again and again.
        Spend(values.Sum(value => value is ICollection items ? (long)items.Count : 0));
        try
        {
            return call(values) ?? throw new FormatException($"'{global.Name}' does not take what it is given");
        }
        catch (FormatException e) when (stack.LastText() is { } name)
        {
            throw new FormatException($"tensor '{name}': {e.Message}", e);
        }
    }

    // A state dictionary carries attributes, versions of its layers; nothing else may be told what to be.
    private void Build(object? state)
    {
        if (stack.Top is not PickleDictionary || state is not (null or PickleDictionary))
        {
            throw new FormatException("the state of something is set that is no dictionary");
        }
    }

    private void Append(object?[] items)
    {
        var list = stack.Top as List<object?> ?? throw new FormatException("something is appended to what is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (stack.Top is not PickleDictionary dictionary || items.Length % 2 != 0)
        {
            throw new FormatException("items are set of what is no dictionary");
        }

        for (int i = 0; i < items.Length; i += 2)
        {
            dictionary.Items.Add(new(items[i], items[i + 1]));
        }
    }

    private object Integer(uint length)
    {
        if (length > MaxDigits)
        {
            throw new FormatException($"a whole number has {length} bytes");
        }

        return Small(new BigInteger(cursor.Small((int)length)));
    }

    private static object Decimal(string digits) =>
        BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Small(number)
            : throw new FormatException("a whole number is none");

    private static object Small(BigInteger number) => number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;

    private static uint Index(string digits) => uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint index)
        ? index
        : throw new FormatException("an index is none");

    private static string Named(byte code) => code switch
    {
        (byte)'P' => "PERSID",
        (byte)'S' => "STRING",
        (byte)'V' => "UNICODE",
        (byte)'o' => "OBJ",
        0x82 or 0x83 or 0x84 => "EXT",
        0x8f or 0x90 or 0x91 => "for sets",
        0x92 => "NEWOBJ_EX",
        0x96 or 0x97 or 0x98 => "for buffers",
        _ => $"0x{code:x2}",
    };

    private void Spend(long work)
    {
        if (work > MaxSteps - steps)
        {
            throw new FormatException($"it takes more than {MaxSteps} instructions");
        }

        steps += (int)work;
    }
}
