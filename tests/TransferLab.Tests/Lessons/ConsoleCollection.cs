namespace TransferLab.Tests.Lessons;

/// <summary>Tests that look at what is printed, one at a time and beside no others: the console belongs to the process.</summary>
[CollectionDefinition(nameof(ConsoleCollection), DisableParallelization = true)]
public sealed class ConsoleCollection;
