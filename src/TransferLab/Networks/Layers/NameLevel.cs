using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>A level of parameter names without a computation of its own, so that a network has its published names.</summary>
internal sealed class NameLevel : Module<Tensor, Tensor>
{
    public NameLevel(params (string Name, Module? Module)[] children) : base(nameof(NameLevel))
    {
        foreach ((string name, Module? module) in children)
        {
            if (module is not null)
            {
                register_module(name, module);
            }
        }
    }

    public override Tensor forward(Tensor input) => throw new NotSupportedException("Only a level of names.");
}
