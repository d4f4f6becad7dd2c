using System.Text.Json;

namespace TransferLab.Serving;

/// <summary>Values of a request, and the API's errors where they are of another type.</summary>
internal static class JsonRead
{
    private const string InvalidType = "invalid_type";

    /// <summary>The value of a key; null where it is missing or null.</summary>
    public static JsonElement? Value(this JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string Text(this JsonElement json, string at)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Wrong(json, at, "a string");
        }
        catch (InvalidOperationException)
        {
            throw ApiError.Refused(at, $"'{at}' holds half a surrogate pair, which is no character.", "invalid_value");
        }
    }

    public static bool Flag(this JsonElement json, string at) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(json, at, "true or false"),
    };

    public static double Number(this JsonElement json, string at, double least, double most) =>
        json.ValueKind != JsonValueKind.Number || !json.TryGetDouble(out double value) ? throw Wrong(json, at, "a number")
        : value >= least && value <= most ? value
        : throw OutOfBounds(json, at, FormattableString.Invariant($"{least} to {most}"));

    public static long Integer(this JsonElement json, string at, long least, long most) =>
        json.ValueKind != JsonValueKind.Number ? throw Wrong(json, at, "a whole number")
        : json.TryGetInt64(out long value) && value >= least && value <= most ? value
        : throw OutOfBounds(json, at, FormattableString.Invariant($"a whole number from {least} to {most}"));

    public static JsonElement Object(this JsonElement json, string at) => json.ValueKind == JsonValueKind.Object ? json : throw Wrong(json, at, "an object");

    public static IEnumerable<(JsonElement Item, string At)> Items(this JsonElement json, string at) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().Select((item, i) => (item, $"{at}[{i}]")) : throw Wrong(json, at, "an array");

    /// <summary>Refuses keys that are not among the known ones, unless their value is null or an empty array.</summary>
    public static void OnlyKnows(this JsonElement json, string at, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty item in json.EnumerateObject())
        {
            bool isEmpty = item.Value.ValueKind == JsonValueKind.Null || (item.Value.ValueKind == JsonValueKind.Array && item.Value.GetArrayLength() == 0);
            if (!isEmpty && !known.Contains(item.Name))
            {
                string where = at.Length == 0 ? item.Name : $"{at}.{item.Name}";
                throw ApiError.Refused(where, $"'{where}' is not known here; leave it out.", "unknown_parameter");
            }
        }
    }

    private static ApiException Wrong(JsonElement json, string at, string wanted) =>
        ApiError.Refused(at,
            $"'{at}' is {json.ValueKind switch { JsonValueKind.True or JsonValueKind.False => "a flag", JsonValueKind.Null => "null", var kind => $"of type {kind.ToString().ToLowerInvariant()}" }}; it has to be {wanted}.", InvalidType);

    private static ApiException OutOfBounds(JsonElement json, string at, string wanted) =>
        ApiError.Refused(at, $"'{at}' is {Shortened(json.GetRawText())}; it has to be {wanted}.", "invalid_value");

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
