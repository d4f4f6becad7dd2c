using TransferLab.Hub;

namespace TransferLab.Tests.Hub;

public sealed class CachedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("transferlab-hub-").FullName;
    private readonly LoopbackHub _hub = new LoopbackHub().Add("config.json", "{}").Add("model.safetensors", new byte[5000]);

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_here_is_listed_with_its_room_and_revisions_and_goes_when_it_is_removed()
    {
        CachedModel model = await FetchAsync();
        Assert.Equal(["owner/name"], new HubCache(_folder).Models().Select(found => found.Model));
        Assert.Equal(5002 + (2 * 40), model.Bytes); // The references main and v1 hold a commit each.
        Assert.Equal([("main", LoopbackHub.Commit), ("v1", LoopbackHub.Commit)], model.Revisions);
        model.Remove();
        Assert.Empty(new HubCache(_folder).Models());
    }

    [Fact]
    public async Task Damage_and_links_to_nothing_are_found()
    {
        CachedModel model = await FetchAsync();
        Assert.Equal((2, 0), await Figures());
        string[] blobs = Directory.GetFiles(Path.Combine(model.Folder, "blobs"));
        await File.WriteAllBytesAsync(blobs.Single(blob => new FileInfo(blob).Length == 5000), new byte[4999]);
        Assert.Equal((1, 1), await Figures());
        Assert.Contains("is not what it was", (await model.VerifyAsync(default)).Faults[0], StringComparison.Ordinal);
        File.Delete(blobs.Single(blob => new FileInfo(blob).Length == 2));
        Assert.Contains("not there", (await model.VerifyAsync(default)).Faults[1], StringComparison.Ordinal);

        async Task<(int, int)> Figures() => await model.VerifyAsync(default) is var (right, faults) ? (right, faults.Count) : default;
    }

    private async Task<CachedModel> FetchAsync()
    {
        using HubClient client = new(new() { Endpoint = _hub.Server.Address, CacheFolder = _folder });
        await client.FetchAsync(HubReference.Parse("hf:owner/name"));
        await client.FetchAsync(HubReference.Parse("hf:owner/name@v1"));
        return new(client.Cache, HubReference.Parse("hf:owner/name"));
    }
}
