using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace TransferLab.Pipelines;

/// <summary>The caller's <see cref="MLContext"/>, of which a catalog shows nothing: its seed and its log.</summary>
internal sealed class CallerContext
{
    private const string Name = "TransferLab";
    private readonly IHostEnvironment _environment;

    public CallerContext(TrainCatalogBase catalog) => _environment = EnvironmentOf(catalog);

    public CallerContext(TrainCatalogBase.CatalogInstantiatorBase trainers)
        : this(OwnerOf(trainers))
    {
    }

    /// <summary>A seed drawn from the context's, as ML.NET's own trainers draw theirs: each trainer of a context gets another, and a program that runs again
    /// the same; 1 where the context has none.</summary>
    public int DrawSeed()
    {
        object? seed = _environment.GetType().GetProperty("Seed", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(_environment);
        return seed is int ? _environment.Register(Name).Rand.Next() : 1;
    }

    /// <summary>Writes to the context's log, in one line.</summary>
    public void Inform(FormattableString message)
    {
        using IChannel channel = _environment.Start(Name);
        channel.Info(MessageSensitivity.None, message.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Warns in the context's log, in one line.</summary>
    public void Warn(string message)
    {
        using IChannel channel = _environment.Start(Name);
        channel.Warning(MessageSensitivity.None, message);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
    private static extern IHostEnvironment EnvironmentOf(TrainCatalogBase catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
    private static extern TrainCatalogBase OwnerOf(TrainCatalogBase.CatalogInstantiatorBase trainers);
}
