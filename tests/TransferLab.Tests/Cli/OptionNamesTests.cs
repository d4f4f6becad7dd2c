using TransferLab.Cli;

namespace TransferLab.Tests.Cli;

public sealed class OptionNamesTests
{
    [Theory]
    [InlineData("name one (option TextColumn), or", "name one (--text-column), or")]
    [InlineData("say so: option ClassesAsIs).", "say so: --classes-as-is).")]
    [InlineData("an option Unheard of", "an option Unheard of")]
    [InlineData("the class 'Quote' (Quote)", "the class 'Quote' (Quote)")]
    public void Options_of_the_library_are_said_as_flags(string said, string expected) => Assert.Equal(expected, OptionNames.AsFlags(said));
}
