namespace TransferLab.Data;

/// <summary>Who may speak when: the rules over the turns of one conversation.</summary>
internal static class TurnRules
{
    /// <summary>Looks at the turns, and mends what has one meaning.</summary>
    /// <returns>The turns as mended.</returns>
    public static List<(Turn Turn, string Path)> Apply(ChatRowContext row, List<(Turn Turn, string Path)> turns, ChatHost host)
    {
        Roles(row, turns, host);
        turns = Systems(row, turns);
        turns = Neighbours(row, turns, host);
        Answers(row, turns, host);
        return ToolRules.Apply(row, turns);
    }

    private static bool IsSystem(Role role) => role is Role.System or Role.Developer;

    private static string Name(Role role) => role.ToString().ToLowerInvariant();

    private static void Roles(ChatRowContext row, List<(Turn Turn, string Path)> turns, ChatHost host)
    {
        foreach ((Turn turn, string path) in turns.Where(item => !host.Roles.Contains(item.Turn.Role)))
        {
            row.Fault($"{path}.role", "role-not-taken", $"{host.Name} takes no turns of the {Name(turn.Role)}",
                $"leave them out, or rewrite them as {string.Join(", ", host.Roles.Select(Name))}");
        }
    }

    private static List<(Turn Turn, string Path)> Systems(ChatRowContext row, List<(Turn Turn, string Path)> turns)
    {
        List<(Turn Turn, string Path)> kept = [];
        for (int i = 0; i < turns.Count; i++)
        {
            (Turn turn, string path) = turns[i];
            if (i == 0 || !IsSystem(turn.Role))
            {
                kept.Add(turns[i]);
            }
            else if (kept.Count == 1 && kept[0].Turn is var first && first.Role == turn.Role && first.Name == turn.Name)
            {
                row.Fault(path, "system-not-first", $"a second {Name(turn.Role)} turn, and templates take one", "join it to the first", "joined to the first");
                kept[0] = (first with { Content = $"{first.Content}\n\n{turn.Content}" }, kept[0].Path);
            }
            else
            {
                row.Fault(path, "system-not-first", $"a {Name(turn.Role)} turn that is not the first, which templates refuse or drop",
                    "move it to the front, or write it into the user's turn");
                kept.Add(turns[i]);
            }
        }

        return kept;
    }

    private static List<(Turn Turn, string Path)> Neighbours(ChatRowContext row, List<(Turn Turn, string Path)> turns, ChatHost host)
    {
        List<(Turn Turn, string Path)> kept = [];
        foreach ((Turn turn, string path) in turns)
        {
            Turn? before = kept.Count == 0 ? null : kept[^1].Turn;
            if (before is null || before.Role != turn.Role || turn.Role is not (Role.User or Role.Assistant))
            {
                kept.Add((turn, path));
                continue;
            }

            bool isUser = turn.Role == Role.User, refused = isUser ? host.RefusesTwoQuestions : host.RefusesTwoAnswers;
            bool canJoin = refused && before.Weight == turn.Weight && before.Name == turn.Name && before.ToolCalls.Count + turn.ToolCalls.Count == 0;
            string kind = isUser ? "two-questions" : "two-answers", reason = $"two turns of the {Name(turn.Role)} in a row";
            if (refused)
            {
                row.Fault(path, kind, $"{reason}, which {host.Name} refuses", "join them, or write what stands between", canJoin ? "joined" : null);
            }
            else
            {
                row.Warn(path, kind, reason, "join them if they are one");
            }

            if (canJoin)
            {
                kept[^1] = (before with { Content = $"{before.Content}\n\n{turn.Content}" }, kept[^1].Path);
            }
            else
            {
                kept.Add((turn, path));
            }
        }

        return kept;
    }

    private static void Answers(ChatRowContext row, List<(Turn Turn, string Path)> turns, ChatHost host)
    {
        int answer = turns.FindIndex(item => item.Turn.Role == Role.Assistant), question = turns.FindIndex(item => item.Turn.Role == Role.User);
        if (answer < 0)
        {
            row.Fault("$", "no-answer", "no turn of the assistant: there is nothing to learn", "write the answer, or remove the row");
            return;
        }

        if (!turns.Exists(item => item.Turn.IsTrained))
        {
            row.Fault("$", "nothing-trained", "every answer has weight 0: there is nothing to learn", "give one answer weight 1, or remove the row");
        }

        if (question < 0)
        {
            string reason = "no turn of the user: the answer answers nothing";
            if (host.RefusesAnswerFirst)
            {
                row.Fault("$", "no-question", $"{reason}, which {host.Name} refuses", "write the question, or remove the row");
            }
            else
            {
                row.Warn("$", "no-question", reason, "write the question, or leave it if the assistant is to speak first");
            }
        }
        else if (answer < question)
        {
            string reason = "an answer before the first question";
            if (host.RefusesAnswerFirst)
            {
                row.Fault(turns[answer].Path, "answer-first", $"{reason}, which {host.Name} refuses", "write the question before it, or remove the turn");
            }
            else
            {
                row.Warn(turns[answer].Path, "answer-first", reason, "write the question before it, or leave it if the assistant is to speak first");
            }
        }

        if (turns[^1].Turn.Role != Role.Assistant)
        {
            row.Warn(turns[^1].Path, "unanswered",
                $"the last turn is the {Name(turns[^1].Turn.Role)}'s and is never answered: nothing after the last answer is trained",
                "write the answer, or remove the turn");
        }
    }
}
