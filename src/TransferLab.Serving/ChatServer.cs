using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TransferLab.Serving;

/// <summary>
/// Answers <c>/v1/chat/completions</c> and <c>/v1/models</c> as OpenAI's clients expect it, <c>/metrics</c> in Prometheus' text format and <c>/health</c>.
/// Nothing of the environment or of settings files changes where it listens: on this machine alone, unless the options say otherwise and have a key.
/// </summary>
public sealed class ChatServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ChatServer(WebApplication application, string model)
    {
        (_application, Model) = (application, model);
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Endpoint = new($"{address}/v1");
    }

    /// <summary>What clients are given as their endpoint, such as <c>http://127.0.0.1:8080/v1</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>The model's name, which requests have to name.</summary>
    public string Model { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="client">What answers; the caller disposes it after the server.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="onError">Told of failures that nobody foresaw; the client is told of an error of the server.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="ArgumentException">The address is of others than this machine, and there is no key.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ChatServer> StartAsync(IChatClient client, ChatServerOptions? options = null, Action<Exception>? onError = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new();
        if (!IPAddress.IsLoopback(options.Address) && options.ApiKey is null)
        {
            throw new ArgumentException(
                $"At {options.Address} other machines reach the server, so it needs a key; set one, or listen on {IPAddress.Loopback}.");
        }

        string model = (client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.DefaultModelId ?? "model";
        WebApplication application = Build(options);
        ServerMetrics metrics = new();
        RequestGuard guard = new(options, metrics, onError ?? (_ => { }));
        ChatEndpoint chat = new(client, model, options, metrics);
        ModelsEndpoint models = new(model);
        application.Use(guard.InvokeAsync);
        application.UseRouting();
        application.MapPost("/v1/chat/completions", chat.AnswerAsync);
        application.MapGet("/v1/models", models.ListAsync);
        application.MapGet("/v1/models/{**name}", models.ShowAsync);
        application.MapGet("/metrics", metrics.WriteAsync);
        application.MapGet("/health", (RequestDelegate)(context => context.Response.WriteAsync("""{"status":"ok"}""")));
        try
        {
            await application.StartAsync(cancellation).ConfigureAwait(false);
            return new(application, model);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes no further requests, waits for those that run as long as <see cref="ChatServerOptions.Grace"/> says, and cuts off the rest.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _application.StopAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static WebApplication Build(ChatServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MostBodyBytes;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Grace);
        return builder.Build();
    }
}
