using System.CommandLine;
using TransferLab.Notebooks;

RootCommand root = new("""
    Builds the notebooks of lessons from their source, and runs notebooks on the C# kernel.

    Examples:
      transferlab-notebook build notebooks/
      transferlab-notebook run notebooks/01-freeze-or-fine-tune.ipynb
    """)
{
    BuildCommand.Create(),
    RunCommand.Create(),
};

return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
