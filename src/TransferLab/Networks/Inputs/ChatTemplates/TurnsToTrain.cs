using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>Which turns of a conversation are trained.</summary>
internal sealed class TurnsToTrain
{
    private readonly HashSet<int> _turns;

    public TurnsToTrain(Conversation conversation, ChatRendering rendering)
    {
        int[] trained = [.. Enumerable.Range(0, conversation.Turns.Count).Where(i => conversation.Turns[i].IsTrained)];
        _turns = [.. rendering.TrainLastOnly ? trained.TakeLast(1) : trained];
    }

    public bool Contains(int turn) => _turns.Contains(turn);
}
