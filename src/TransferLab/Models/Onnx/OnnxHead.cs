using TransferLab.Networks.Onnx;
using TransferLab.Networks;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models.Onnx;

/// <summary>The end of a graph: from features [N, width] to probabilities [N, classes].</summary>
/// <param name="Add">Adds the nodes after the named features, and names the probabilities.</param>
/// <param name="Probabilities">What they must give for features, row after row.</param>
internal sealed record OnnxHead(Func<OnnxGraph, string, string> Add, Func<Tensor, float[]> Probabilities)
{
    private const float ShortestLength = 1e-12f;

    /// <summary>The head of a network, hidden layer included.</summary>
    public static OnnxHead Linear(TransferNetwork network) => new(
        (graph, features) =>
        {
            string Dense(string x, string name, Tensor weight, Tensor bias) => graph.Node("Gemm",
                [x, graph.Constant(name + ".weight", OnnxGraph.Floats(weight), weight.shape),
                    graph.Constant(name + ".bias", OnnxGraph.Floats(bias), bias.shape)], ("transB", 1L));
            ClassificationHead head = network.Classifier;
            string x = head.Hidden is { } hidden ? Activated(graph, Dense(features, "head.hidden", hidden.weight!, hidden.bias!), head.Activation) : features;
            return graph.Node("Softmax", [Dense(x, "head", head.Output.weight!, head.Output.bias!)], ("axis", 1L));
        },
        features =>
        {
            network.Evaluate();
            return OnnxGraph.Floats(network.Logits(features, network.Backbone.Groups.Count).softmax(1));
        });

    /// <summary>The vote of the nearest of labelled directions, each with the weight exp((cosine - 1) / temperature).</summary>
    public static OnnxHead Neighbours(
        IReadOnlyList<float[]> directions, IReadOnlyList<int> labels, int classes, int neighbours, double temperature, Func<float[], float[]> vote) => new(
        (graph, features) =>
        {
            int width = directions[0].Length, count = directions.Count;
            float[] transposed = new float[width * count], membership = new float[count * classes];
            for (int i = 0; i < count; i++)
            {
                membership[(i * classes) + labels[i]] = 1;
                for (int j = 0; j < width; j++)
                {
                    transposed[(j * count) + i] = directions[i][j];
                }
            }

            string length =
                graph.Node("Max",
                    [graph.Node("ReduceL2", [features], ("axes", new long[] { 1 }), ("keepdims", 1L)), graph.Scalar("index.shortest", ShortestLength)]);
            // (N, count)
            string cosines = graph.Node("MatMul", [graph.Node("Div", [features, length]), graph.Constant("index.directions", transposed, width, count)]);
            // (N, k)
            string[] nearest = graph.Nodes("TopK", 2, [cosines, graph.Constant("index.neighbours", (long)neighbours)], ("axis", 1L), ("largest", 1L),
                ("sorted", 1L));
            string weights =
                graph.Node("Exp",
                    [graph.Node("Div",
                        [graph.Node("Sub", [nearest[0], graph.Scalar("index.one", 1)]), graph.Scalar("index.temperature", (float)temperature)])]);
            // (N, k, classes)
            string ballots = graph.Node("Gather", [graph.Constant("index.membership", membership, count, classes), nearest[1]], ("axis", 0L));
            // (N, 1, classes)
            string votes = graph.Node("MatMul", [graph.Node("Unsqueeze", [weights, graph.Constant("index.axis", 1L)]), ballots]);
            string sums = graph.Node("Squeeze", [votes, graph.Constant("index.axis", 1L)]);
            return graph.Node("Div", [sums, graph.Node("ReduceSum", [sums, graph.Constant("index.axis", 1L)], ("keepdims", 1L))]);
        },
        features =>
        {
            float[] values = OnnxGraph.Floats(features);
            return [.. values.Chunk(values.Length / (int)features.shape[0]).SelectMany(vote)];
        });

    private static string Activated(OnnxGraph graph, string sums, HeadActivation activation)
    {
        switch (activation)
        {
            case HeadActivation.Relu:
                return graph.Node("Relu", [sums]);
            case HeadActivation.Tanh:
                return graph.Node("Tanh", [sums]);
            default:
                string erf = graph.Node("Erf", [graph.Node("Mul", [sums, graph.Scalar("root.half", (float)Math.Sqrt(0.5))])]);
                return graph.Node("Mul", [graph.Node("Mul", [sums, graph.Scalar("half", 0.5f)]), graph.Node("Add", [erf, graph.Scalar("one", 1)])]);
        }
    }
}
