using TransferLab.Backbones;
using TransferLab.Backbones.ArcticXs;
using TransferLab.Backbones.MiniLM;
using TransferLab.Backbones.ResNet18;
using TransferLab.Models;

namespace TransferLab.Cli;

/// <summary>The backbones by name, as the command line knows them. The size is pixels for images and tokens for texts.</summary>
internal static class BackboneCatalogue
{
    private static readonly (string Name, string Kind, Func<int, Backbone> Create)[] s_all =
    [
        ("resnet18", "image", ResNet18.ImageNetAt),
        ("minilm", "text", MiniLM.English),
        ("arctic-xs", "text", ArcticXs.English),
    ];

    /// <summary>All names.</summary>
    public static string Names => string.Join(", ", s_all.Select(item => $"{item.Name} ({item.Kind}s)")) + ", or the .safetensors file of a saved network";

    /// <summary>The backbone of a name or of a saved model, or the first of a kind where none is given.</summary>
    /// <exception cref="ArgumentException">There is none of that name, it is of the other kind, or it cannot see images of that size.</exception>
    public static Backbone Create(string? name, string kind, int size)
    {
        if (kind == "image" && (size < 32 || size % 32 != 0))
        {
            throw new ArgumentException($"--image-size {size}: the network halves the image five times; use a multiple of 32.");
        }

        if (name is not null && BackboneFile.IsFile(name))
        {
            Backbone saved = BackboneFile.Load(name);
            return saved.Encoder.Kind != kind ? throw new ArgumentException($"The backbone '{name}' reads {saved.Encoder.Kind}s, not {kind}s.")
                : saved.Encoder is ImageEncoder images ? saved with { Encoder = images with { Size = size } }
                : saved;
        }

        (string Name, string Kind, Func<int, Backbone> Create) found = s_all.FirstOrDefault(item => name is null ? item.Kind == kind : item.Name == name);
        return found.Create is null ? throw new ArgumentException($"There is no backbone '{name}'; choose {Names}.")
            : found.Kind != kind ? throw new ArgumentException($"The backbone '{name}' reads {found.Kind}s, not {kind}s; choose {Names}.")
            : found.Create(size);
    }
}
