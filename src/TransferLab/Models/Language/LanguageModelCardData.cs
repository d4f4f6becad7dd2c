namespace TransferLab.Models;

/// <summary>What a language model was tuned on.</summary>
/// <param name="Source">The file.</param>
/// <param name="License">Of the data; <see cref="Data.ChatCard.Unknown"/> where nobody said.</param>
/// <param name="Rows">Rows that were trained.</param>
/// <param name="HeldOutRows">Rows that were held out.</param>
/// <param name="Tokens">Tokens of the trained rows.</param>
/// <param name="TrainedTokens">Those of them that were trained.</param>
public sealed record LanguageModelCardData(string Source, string License, int Rows, int HeldOutRows, long Tokens, long TrainedTokens);
