using TransferLab.ChatData;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>What documents hold, in passages, and what was not read.</summary>
/// <param name="Documents">Files that were read.</param>
/// <param name="Passages">In the order of the documents; each text once.</param>
/// <param name="LeftOut">What was left out, by reason.</param>
public sealed record DocumentPassages(int Documents, IReadOnlyList<Passage> Passages, IReadOnlyList<LeftOut> LeftOut);
