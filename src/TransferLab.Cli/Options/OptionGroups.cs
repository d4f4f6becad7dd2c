using System.CommandLine;

namespace TransferLab.Cli;

/// <summary>Options that several commands have in common.</summary>
internal static class OptionGroups
{
    /// <summary>Adds a group to a command.</summary>
    public static Command With(this Command command, IEnumerable<Option> group)
    {
        foreach (Option option in group)
        {
            command.Add(option);
        }

        return command;
    }
}
