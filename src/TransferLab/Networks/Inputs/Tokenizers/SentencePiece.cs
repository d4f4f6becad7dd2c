namespace TransferLab.Networks;

/// <summary>A piece of a SentencePiece vocabulary; its id is its place.</summary>
/// <param name="Text">Its characters, a space as "▁".</param>
/// <param name="Score">Of unigrams the log-probability; of byte pairs, the higher the sooner it is merged.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceKind Kind);
