using TransferLab.Hub;

namespace TransferLab.Tests.Hub;

public sealed class HubOptionsTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("transferlab-hub-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void The_environment_is_read_as_the_hubs_own_library_reads_it()
    {
        File.WriteAllText(Path.Combine(_home, "token"), "hf_of_the_file\n");
        HubOptions options = From(("HF_HOME", _home), ("HF_ENDPOINT", "https://mirror.example/hub/"), ("HF_HUB_OFFLINE", "yes"));
        Assert.Equal((Path.Combine(_home, "hub"), "hf_of_the_file", true), (options.CacheFolder, options.Token, options.Offline));
        Assert.Equal("https://mirror.example/hub/", options.Endpoint.AbsoluteUri);
        Assert.Equal("hf_given", From(("HF_HOME", _home), ("HF_TOKEN", "hf_given")).Token);
        Assert.Null(From(("HF_HOME", _home), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.Equal("/elsewhere", From(("HF_HOME", _home), ("HF_HUB_CACHE", "/elsewhere")).CacheFolder);
        Assert.Equal(Path.Combine("/xdg", "huggingface", "hub"), From(("XDG_CACHE_HOME", "/xdg")).CacheFolder);
        Assert.Equal(HubOptions.PublicHub, From(("HF_HOME", _home)).Endpoint);
        Assert.False(From(("HF_HOME", _home), ("HF_HUB_OFFLINE", "0")).Offline);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "mirror", "no address of a hub")]
    [InlineData("HF_ENDPOINT", "ftp://mirror.example", "no address of a hub")]
    [InlineData("HF_ENDPOINT", "https://user:password@mirror.example", "no address of a hub")]
    [InlineData("HF_ENDPOINT", "http://mirror.example", "is not encrypted")]
    [InlineData("HF_TOKEN", "two words", "is none")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "0", "give seconds")]
    public void A_setting_that_cannot_be_used_is_refused_by_name(string name, string value, string says)
    {
        string message =
            Assert.Throws<ArgumentException>(() => From(("HF_HOME", _home), (name, value), (name == "HF_TOKEN" ? "NONE" : "HF_TOKEN", "hf_x"))).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.Contains(name, message, StringComparison.Ordinal);
    }

    private static HubOptions From(params (string Name, string Value)[] variables) =>
        HubOptions.From(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
