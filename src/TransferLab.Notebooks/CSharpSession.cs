using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace TransferLab.Notebooks;

/// <summary>The real C# kernel of .NET notebooks, in this process.</summary>
internal sealed class CSharpSession : IDisposable
{
    private readonly CompositeKernel _kernel;
    private int _count;

    /// <summary>Starts the kernel, with <c>#r "nuget:..."</c>.</summary>
    public CSharpSession()
    {
        CSharpKernel csharp = new CSharpKernel().UseKernelHelpers().UseNugetDirective((kernel, packages) =>
        {
            kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
            return Task.CompletedTask;
        });
        _kernel = [csharp];
        _kernel.DefaultKernelName = csharp.Name;
    }

    /// <summary>Runs code and gives what it showed, in the form of a notebook's outputs. A failure is the last of them.</summary>
    public async Task<(bool Succeeded, int Count, JsonArray Outputs)> RunAsync(string code)
    {
        CellOutputs outputs = new(++_count);
        using IDisposable listening = _kernel.KernelEvents.Subscribe(new Listener(outputs.Add));
        KernelCommandResult result = await _kernel.SendAsync(new SubmitCode(code)).ConfigureAwait(false);
        CommandFailed? failure = result.Events.OfType<CommandFailed>().FirstOrDefault();
        if (failure is not null)
        {
            outputs.AddFailure(failure);
        }

        return (failure is null, _count, outputs.ToJson());
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel.Dispose();

    private sealed class Listener(Action<KernelEvent> add) : IObserver<KernelEvent>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(KernelEvent value) => add(value);
    }
}
