namespace TransferLab.Networks.Weights;

/// <summary>
/// The values in the header of a GGUF file. Each has the CLR type of its type in the file: byte, sbyte, ushort, short, uint, int, ulong, long, float, double,
/// bool, string, or an array of one of them.
/// </summary>
/// <param name="path">The file, for messages.</param>
internal sealed class GgufMetadata(string path)
{
    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    /// <summary>All values.</summary>
    public IReadOnlyDictionary<string, object> Values => values;

    public bool TryAdd(string key, object value) => values.TryAdd(key, value);

    /// <summary>A text, or null where there is none under the key.</summary>
    public string? Text(string key) => Get<string>(key, "a text", value => value as string);

    /// <summary>A whole number of any width.</summary>
    public long? Integer(string key) => Get<long?>(key, "a whole number", Whole);

    /// <summary>A number, whole or not.</summary>
    public double? Number(string key) => Get<double?>(key, "a number", value => value is float or double ? Convert.ToDouble(value) : Whole(value));

    /// <summary>A truth value.</summary>
    public bool? Flag(string key) => Get<bool?>(key, "a truth value", value => value as bool?);

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string>? Texts(string key) => Get<string[]>(key, "a list of texts", value => value as string[]);

    /// <summary>A list of whole numbers of any width.</summary>
    public IReadOnlyList<long>? Integers(string key) => Get<long[]>(key, "a list of whole numbers", value => value switch
    {
        byte[] numbers => Array.ConvertAll(numbers, number => (long)number),
        sbyte[] numbers => Array.ConvertAll(numbers, number => (long)number),
        ushort[] numbers => Array.ConvertAll(numbers, number => (long)number),
        short[] numbers => Array.ConvertAll(numbers, number => (long)number),
        uint[] numbers => Array.ConvertAll(numbers, number => (long)number),
        int[] numbers => Array.ConvertAll(numbers, number => (long)number),
        long[] numbers => numbers,
        _ => null,
    });

    /// <summary>A list of float32 numbers.</summary>
    public IReadOnlyList<float>? Numbers(string key) => Get<float[]>(key, "a list of numbers", value => value as float[]);

    /// <summary>What a value that must be there is.</summary>
    /// <exception cref="WeightsException">It is not.</exception>
    public T Required<T>(string key, T? value)
        where T : struct => value ?? throw Missing(key);

    /// <inheritdoc cref="Required{T}(string, T?)"/>
    public T Required<T>(string key, T? value)
        where T : class => value ?? throw Missing(key);

    /// <summary>Says what is wrong with the values, naming the file.</summary>
    public WeightsException Error(string problem) => new($"{path}: {problem}");

    private WeightsException Missing(string key) => Error($"the metadata lack '{key}'");

    private T? Get<T>(string key, string wanted, Func<object, T?> convert) => !values.TryGetValue(key, out object? value)
        ? default
        : convert(value) ?? throw Error($"the metadata '{key}' are not {wanted} but of type {value.GetType().Name}");

    private static long? Whole(object value) => value switch
    {
        byte or sbyte or ushort or short or uint or int or long => Convert.ToInt64(value),
        ulong number when number <= long.MaxValue => (long)number,
        _ => null,
    };
}
