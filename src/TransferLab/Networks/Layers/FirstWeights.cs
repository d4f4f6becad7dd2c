using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// What a layer begins with: normal values, or whatever lies in memory where all of it is about to be read from a file. To draw a hundred million numbers that
/// nobody looks at takes longer than to read the file.
/// </summary>
internal static class FirstWeights
{
    private const double Deviation = 0.02;

    [ThreadStatic]
    private static bool s_areRead;

    /// <summary>Nothing is drawn on this thread until the result is disposed: every parameter will be filled.</summary>
    public static IDisposable AreRead()
    {
        Reading reading = new(s_areRead);
        s_areRead = true;
        return reading;
    }

    /// <summary>A linear layer.</summary>
    public static Linear Linear(long inputs, long outputs, bool bias = false)
    {
        Linear linear = nn.Linear(inputs, outputs, bias, META); // Its own constructor would draw too.
        linear.weight = Draw(new Parameter(empty(outputs, inputs)));
        if (bias)
        {
            linear.bias = new Parameter(zeros(outputs));
        }

        return linear;
    }

    /// <summary>Fills a parameter.</summary>
    public static Parameter Draw(Parameter parameter)
    {
        if (!s_areRead)
        {
            init.normal_(parameter, 0, Deviation);
        }

        return parameter;
    }

    private sealed class Reading(bool before) : IDisposable
    {
        public void Dispose() => s_areRead = before;
    }
}
