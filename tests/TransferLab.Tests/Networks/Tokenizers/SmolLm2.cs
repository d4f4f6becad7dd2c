namespace TransferLab.Tests.Networks.Tokenizers;

/// <summary>Where SmolLM2-135M-Instruct lies, if it is there.</summary>
internal static class SmolLm2
{
    public static string? File => At("SmolLM2-135M-Instruct.Q4_1.gguf");

    public static string? Golden => At("golden.json");

    private static string? At(string name) =>
        Path.Combine(Environment.GetEnvironmentVariable("TRANSFERLAB_DATA") ?? "", "weights", "smollm2_135m_instruct", name) is { } path
            && System.IO.File.Exists(path) ? path : null;
}
