namespace TransferLab.Comparison;

/// <summary>After how many requests a way that is prepared once, and then asked for less, has paid for itself against another.</summary>
/// <param name="Way">The way that is prepared.</param>
/// <param name="Against">The way that it is held against.</param>
/// <param name="Requests">Requests after which both have cost the same; 0 where it needs no more preparation, null where a request costs no less, so that it
/// never pays.</param>
/// <param name="Low">Lower end of its 95 % interval; null where not even that end pays.</param>
/// <param name="High">Upper end; null where the difference a request may as well be none, so that it may never pay.</param>
/// <param name="Unit"><c>seconds</c>, or <c>price</c> where prices are given.</param>
public sealed record BreakEven(string Way, string Against, double? Requests, double? Low, double? High, string Unit);
