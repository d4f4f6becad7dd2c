using TransferLab.Data;

namespace TransferLab.Tests.Data;

public sealed class CatalogueTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Every_entry_says_where_it_comes_from_and_under_which_licence()
    {
        Assert.Equal(
            ["banking77", "cifar10", "fashion_mnist", "hymenoptera", "nsmc", "sign_digits", "sms_spam", "sst2", "support-tickets", "surface-defects", "trec"],
            Catalog.All.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.All(Catalog.All, entry =>
        {
            Assert.Contains(entry.Task, new[] { "image", "text" });
            Assert.True(entry is { Classes: >= 2, Train: > 0, Test: > 0 });
            Assert.DoesNotContain("", new[] { entry.Origin, entry.Page, entry.Licence, entry.Note });
        });
        Assert.Equal(["surface-defects", "support-tickets"], Catalog.All.Where(entry => entry.Embedded).Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("hymenopter", "Did you mean 'hymenoptera'?")]
    [InlineData("Fashion-MNIST", "Did you mean 'fashion_mnist'?")]
    [InlineData("surface_defects", "Did you mean 'surface-defects'?")]
    public void An_unknown_name_gets_the_nearest_and_the_list(string name, string guess)
    {
        string message = Assert.Throws<DataException>(() => Catalog.Find(name)).Message;
        Assert.Contains(guess, message);
        Assert.Contains("banking77, sst2", message);
    }

    [Fact]
    public void A_name_like_none_gets_no_guess()
    {
        Assert.DoesNotContain("mean", Assert.Throws<DataException>(() => Catalog.Find("imagenet-21k")).Message);
        Assert.DoesNotContain("mean", Assert.Throws<DataException>(() => Catalog.Locate("../..", root)).Message);
        Assert.Equal("trec", Catalog.Find("TREC").Name);
    }

    [Theory]
    [InlineData("hymenoptera", "images/hymenoptera")]
    [InlineData("trec", "text/trec")]
    [InlineData("nsmc", "nsmc")]
    public void A_set_is_found_in_its_places(string name, string place)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, place)).FullName;
        Assert.Equal(folder, Path.GetFullPath(Catalog.Locate(name, root)));
    }

    [Fact]
    public void An_absent_set_is_told_of_with_source_licence_and_place()
    {
        string message = Assert.Throws<DataException>(() => Catalog.Locate("banking77", root)).Message;
        Assert.Contains("https://github.com/PolyAI-LDN/task-specific-datasets", message);
        Assert.Contains("CC-BY-4.0", message);
        Assert.Contains("put train.csv and test.csv with the columns text,label into " + Path.Combine(root, "text", "banking77"), message);
        Assert.DoesNotContain('\n', message);
    }

    [SkippableFact]
    public void Public_sets_have_the_sizes_that_the_catalogue_states()
    {
        string? data = Environment.GetEnvironmentVariable(Catalog.RootVariable);
        Skip.If(string.IsNullOrEmpty(data), "TRANSFERLAB_DATA is not set");
        foreach (var entry in Catalog.All.Where(entry => entry.Task == "image" && !entry.Embedded))
        {
            string folder = Catalog.Locate(entry.Name, data);
            Assert.Equal((entry.Name, entry.Train, entry.Test), (entry.Name, Files(Path.Combine(folder, "train")), Files(Path.Combine(folder, "test"))));
            Assert.Equal(entry.Classes, Directory.GetDirectories(Path.Combine(folder, "train")).Length);
        }

        static int Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;
    }
}
