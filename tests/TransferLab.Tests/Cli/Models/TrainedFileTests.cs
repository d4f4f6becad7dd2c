using TransferLab.Backbones;
using TransferLab.Cli;
using TransferLab.Models;
using TransferLab.Networks.Weights;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Cli.Models;

/// <summary>Where a model must have learnt its classes, anything else that has a name is refused by what it is, with the command that it is for.</summary>
public sealed class TrainedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mobilenetv2_035", "is a backbone, which has learnt no classes yet: 'transferlab train --backbone mobilenetv2_035'")]
    [InlineData("MiniLM", "is a backbone, which has learnt no classes yet")]
    [InlineData("small-world", "is a language model: 'transferlab chat --model small-world' talks to it, 'transferlab export --model small-world --gguf FILE'")]
    [InlineData("smollm2_135m_instruct", "is a language model")]
    [InlineData("hf:Qwen/Qwen2.5-0.5B-Instruct@main", "is a language model")]
    [InlineData("hf:intfloat/multilingual-e5-small", "is a backbone")]
    [InlineData("hf:a/b", "is a model of the hub, which has learnt none of your classes: 'transferlab train --backbone hf:a/b'")]
    [InlineData("nope", "there is no such file, and no model of that name")]
    [InlineData("absent/full.safetensors", "there is no such file")]
    [InlineData("absent.onnx", "there is no such file")]
    [InlineData("absent.zip", "there is no such file")]
    public void A_name_of_something_else_is_refused_before_anything_is_fetched(string given, string says) => Refused(given, says);

    [Fact]
    public void So_are_files_and_folders_of_another_kind()
    {
        Refused(Write("weights.pth", "x"), "is a backbone");
        Refused(Write("model.gguf", "GGUF"), "is a language model");
        Refused(Write("published/config.json", """{"model_type": "bert"}""", folder: true), "is a backbone");
        Refused(Write("talks/config.json", """{"architectures": ["LlamaForCausalLM"]}""", folder: true), "is a language model");
        Refused(Write("tuned/card.json", "{}", folder: true), "is a language model");
        Refused(Write("pictures/one.png", "x", folder: true), "is a folder: name a file");
        string models = Path.GetDirectoryName(Write("out/models/full.safetensors", "x"))!;
        Refused(Path.GetDirectoryName(models)!, $"is the folder of a comparison: name one of its models, such as {Path.Combine(models, "full.safetensors")}");
    }

    [Fact]
    public void A_file_that_was_never_trained_is_told_from_one_that_was_by_its_header()
    {
        byte[] Header(string json) => [.. BitConverter.GetBytes((long)json.Length), .. System.Text.Encoding.UTF8.GetBytes(json)];
        string published = Path.Combine(_folder.Path, "published.safetensors"), trained = Path.Combine(_folder.Path, "trained.safetensors");
        File.WriteAllBytes(published, Header("{}"));
        File.WriteAllBytes(trained, Header("""{"__metadata__":{"transferlab.format":"network/1"}}"""));
        Assert.True(BackboneFile.IsSaved(trained));
        Refused(published, "is a backbone");
        TrainedFile.Check("--model", trained, "");
    }

    [Theory]
    [InlineData("minilm")]
    [InlineData("mobilenetv2_035")]
    [InlineData("hf:intfloat/multilingual-e5-small")]
    public void A_backbone_is_refused_where_a_language_model_is_asked_for(string given) =>
        Assert.Equal($"--model {given}: is a backbone for features, and no language model; 'transferlab compare --backbone {given}' compares ways to train it.",
            Assert.Throws<ArgumentException>(() => new ModelResolver(_folder.Path).FindLanguageModel(given)).Message);

    [Fact]
    public void What_is_missing_is_said_without_a_path_that_nobody_typed()
    {
        Assert.Equal("absent/model.safetensors: there is no such file",
            Assert.Throws<WeightsException>(() => WeightFile.Open("absent/model.safetensors")).Message);
        Assert.Equal("absent.safetensors: there is no such file", Assert.Throws<WeightsException>(() => ModelFile.Load("absent.safetensors")).Message);
        Assert.Equal($"{_folder.Path}: is a folder; name a file in it", Assert.Throws<WeightsException>(() => ModelFile.Load(_folder.Path)).Message);
        Assert.Equal(SmallWorld.Name, new ModelResolver().FindLanguageModel("Small-World").Name);
    }

    private static void Refused(string given, string says)
    {
        string said = Assert.Throws<ArgumentException>(() => TrainedFile.Check("--model", given, "predict takes a file.")).Message;
        Assert.StartsWith($"--model {given}: {says}", said, StringComparison.Ordinal);
        Assert.EndsWith("; predict takes a file.", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    /// <returns>The file, or the folder that it is in.</returns>
    private string Write(string name, string text, bool folder = false)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return folder ? Path.GetDirectoryName(path)! : path;
    }
}
