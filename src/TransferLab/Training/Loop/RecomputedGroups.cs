using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Gradients through layer groups whose inner results are not kept (Chen et al. 2016, arXiv:1604.06174): the forward pass remembers the input of every group
/// and where the random generator stood, the backward pass runs each group once more, from the last to the first.
/// </summary>
internal sealed class RecomputedGroups(TransferNetwork network, int first)
{
    private readonly List<(Batch Input, Tensor? Random)> _steps = [];

    /// <summary>Runs the groups after the frozen prefix without gradients.</summary>
    /// <param name="x">Output of the frozen prefix.</param>
    /// <returns>Output of the last group, a leaf whose gradient <see cref="Backward"/> goes on with.</returns>
    public Batch Forward(Batch x)
    {
        using IDisposable noGradient = no_grad();
        using ForwardPass pass = ForwardPass.Begin(network.Random, network.Adapters);
        for (int i = first; i < network.Backbone.Groups.Count; i++)
        {
            _steps.Add((x, network.Random?.get_state()));
            x = network.Backbone.Groups[i].Forward(x);
        }

        return x with { Values = x.Values.detach().requires_grad_() };
    }

    /// <summary>Adds the gradients of the groups' parameters.</summary>
    /// <param name="gradient">Of the loss by the output of the last group.</param>
    public void Backward(Tensor gradient)
    {
        using ForwardPass pass = ForwardPass.Begin(network.Random, network.Adapters);
        using Tensor? after = network.Random?.get_state();
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            using DisposeScope scope = NewDisposeScope();
            (Batch input, Tensor? random) = _steps[i];
            if (random is not null)
            {
                network.Random!.set_state(random);
            }

            bool goesOn = i > 0;
            Batch replayed = input with { Values = goesOn ? input.Values.detach().requires_grad_() : input.Values };
            LayerGroup group = network.Backbone.Groups[first + i];
            List<(Tensor Buffer, Tensor Value)> statistics = Statistics(group);
            Tensor output = group.Forward(replayed).Values;
            Restore(statistics); // The second pass must not move them a second time.
            if (output.requires_grad)
            {
                output.backward([gradient]);
            }

            if (goesOn)
            {
                gradient = (replayed.Values.grad ?? zeros_like(replayed.Values)).MoveToOuterDisposeScope();
            }
        }

        if (after is not null)
        {
            network.Random!.set_state(after);
        }
    }

    private static List<(Tensor, Tensor)> Statistics(LayerGroup group) => [.. group.Modules.SelectMany(module => module.modules().Prepend(module))
        .Where(module => module is BatchNorm { training: true }).SelectMany(module => module.named_buffers(recurse: false))
            .Select(item => (item.buffer, item.buffer.clone()))];

    private static void Restore(List<(Tensor Buffer, Tensor Value)> statistics)
    {
        using IDisposable noGradient = no_grad();
        foreach ((Tensor buffer, Tensor value) in statistics)
        {
            buffer.copy_(value);
        }
    }
}
