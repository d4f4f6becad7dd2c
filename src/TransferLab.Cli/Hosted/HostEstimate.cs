using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Data;

namespace TransferLab.Cli.Hosted;

/// <summary>What a comparison will send, before it does.</summary>
/// <param name="Requests">How many requests.</param>
/// <param name="Kept">How many answers are there already.</param>
/// <param name="InputTokens">About how many tokens are read.</param>
/// <param name="OutputTokens">How many are written at most.</param>
internal sealed record HostEstimate(int Requests, int Kept, long InputTokens, long OutputTokens)
{
    /// <summary>Of requests, each counted once.</summary>
    public static HostEstimate Of(IEnumerable<HostedRequest> requests, HostedModel model, AnswerCache cache, int answerTokens)
    {
        Dictionary<string, Conversation> distinct = [];
        foreach (HostedRequest request in requests)
        {
            distinct.TryAdd(model.Request(request.Way, request.Asked), request.Asked);
        }

        Conversation[] sent = [.. distinct.Where(pair => cache.Find(pair.Key) is null).Select(pair => pair.Value)];
        return new(sent.Length, distinct.Count - sent.Length, sent.Sum(asked => (long)TokenEstimate.Of(asked, TokenEstimate.Of)),
            (long)sent.Length * answerTokens);
    }

    /// <summary>It in lines for a person.</summary>
    /// <param name="host">Where it goes.</param>
    /// <param name="model">The model's name there.</param>
    /// <param name="prices">What tokens cost; null where nobody said.</param>
    public IEnumerable<string> Lines(ModelHost host, string model, AnswerPrices? prices)
    {
        if (Kept > 0)
        {
            yield return Say($"kept      {Kept:N0} of the answers are there already, and not asked for again");
        }

        yield return Say(
            $"leaves    this data leaves the machine: {Requests:N0} requests with questions, and the examples and passages beside them, go to {host}, model "
                + $"{model}");
        yield return Say($"tokens    about {InputTokens:N0} are read (estimates: a token every four bytes), at most {OutputTokens:N0} are written");
        yield return prices is { InputMillion: > 0 } or { OutputMillion: > 0 }
            ? Say($"cost      at most about {prices.Of(InputTokens, OutputTokens, 0):0.00##}, by --price-in and --price-out")
            : "cost      not known: --price-in and --price-out (of a million tokens) tell it";
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
