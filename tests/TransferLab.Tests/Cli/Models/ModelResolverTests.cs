using TransferLab.Cli;
using TransferLab.Tests.Hub;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Cli.Models;

public sealed class ModelResolverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_name_of_a_package_comes_first_and_a_path_is_what_is_there()
    {
        Assert.Equal("minilm", Resolver().Find("MiniLM").BuiltIn);
        string file = Write("weights/own.pth");
        Assert.Equal((file, "own.pth"), (Resolver().Find(file).Path, Resolver().Find(file).Name));
        Assert.Equal("weights", Resolver().Find(Path.GetDirectoryName(file)! + "/").Name);
    }

    [Fact]
    public void A_catalogued_name_is_its_file_under_the_root_and_tells_where_to_get_it()
    {
        string message = Assert.Throws<ArgumentException>(() => Resolver().Find("mobilenetv2_035")).Message;
        Assert.Contains($"put backbone.safetensors into {Path.Combine(_folder.Path, "weights", "mobilenetv2_035")}", message, StringComparison.Ordinal);
        Assert.Contains("licence: Apache-2.0", message, StringComparison.Ordinal);
        string file = Write("weights/mobilenetv2_035/backbone.safetensors");
        ModelSource found = Resolver().Find("mobilenetv2_035");
        Assert.Equal((file, "Apache-2.0"), (found.Path, found.Known!.Licence));
    }

    [Theory]
    [InlineData("nope", "There is no backbone or model 'nope'; give resnet18, minilm")]
    [InlineData("nope/absent.pth", "There is no file or folder 'nope/absent.pth'")]
    [InlineData("klue/bert-base", "A model of the hub is hf:klue/bert-base.")]
    [InlineData("hf:klue", "names no model on the hub")]
    public void What_means_nothing_is_refused_with_what_is_near(string given, string says) =>
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => Resolver().Find(given)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_model_of_the_hub_is_fetched_once_and_its_folder_in_the_cache_can_be_named_too()
    {
        using LoopbackHub hub = new LoopbackHub().Add("config.json", "{}").Add("model.safetensors", "weights");
        ModelResolver resolver = new(null, default, new() { Endpoint = hub.Server.Address, CacheFolder = _folder.Path });
        ModelSource first = resolver.Find("hf:owner/name"), second = resolver.Find("hf:owner/name");
        Assert.Equal((true, false), (first.IsNew, second.IsNew));
        Assert.Equal("hf:owner/name, commit " + LoopbackHub.Commit[..12], first.Origin);
        ModelSource folder = Resolver().Find(Path.Combine(_folder.Path, "models--owner--name"));
        Assert.Equal((first.Path, "hf:owner/name"), (folder.Path, folder.Name));
    }

    [Fact]
    public void Every_known_model_says_what_a_person_must_know()
    {
        Assert.All(KnownModels.All, model =>
        {
            Assert.Contains(model.Task, new[] { "image", "text", "language" });
            Assert.DoesNotContain("", new[] { model.Licence, model.Input, model.Origin, model.Page, model.GoodFor });
            Assert.True(model.Parameters > 0);
            Assert.Equal(model.IsOnHub, TransferLab.Hub.HubReference.IsReference(model.Name));
            Assert.True(model.IsOnHub || model is { Sha256.Length: 64, Bytes: > 0 });
        });
        Assert.Equal(KnownModels.All.Count, KnownModels.All.Select(model => model.Name).Distinct().Count());
        Assert.All(KnownModels.All.Where(model => model.IsOnHub), model => TransferLab.Hub.HubReference.Parse(model.Name));
    }

    private ModelResolver Resolver() => new(_folder.Path);

    private string Write(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
        return path;
    }
}
