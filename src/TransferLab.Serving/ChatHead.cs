namespace TransferLab.Serving;

/// <summary>What all pieces of an answer have in common.</summary>
/// <param name="Id">Of the answer.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Model">Who answers.</param>
internal sealed record ChatHead(string Id, long Created, string Model);
