using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using TransferLab.Chat;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Serving;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab serve</c>: a language model under the API that OpenAI's clients speak.</summary>
internal static class ServeCommand
{
    private const int FewestKey = 8;
    private static readonly LanguageModelOptions s_model = new();
    private static readonly GenerationFlags s_generation = new();
    private static readonly Option<int> s_port = new Option<int>("--port")
    {
        Description = "Port; 0 takes a free one",
        DefaultValueFactory = _ => new ChatServerOptions().Port,
        HelpName = "N",
    }.Within(0, IPEndPoint.MaxPort);
    private static readonly Option<string> s_host = new("--host")
    {
        Description = "IP address to listen on; any but this machine's own (127.0.0.1, ::1) needs --api-key",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
        HelpName = "ADDR",
    };
    private static readonly Option<string?> s_key = new("--api-key")
    {
        Description = $"What requests must carry as 'Authorization: Bearer KEY', {FewestKey} characters or more",
        HelpName = "KEY",
    };
    private static readonly Option<int> s_waiting = new Option<int>("--max-waiting")
    {
        Description = "Requests that may wait for their turn; more are sent away with status 429",
        DefaultValueFactory = _ => new ChatServerOptions().MostWaiting,
        HelpName = "N",
    }.Within(1, 100_000);

    public static Command Create() => new Command("serve", """
        Answers /v1/chat/completions and /v1/models as OpenAI's clients expect it, streamed or whole, on this machine; /metrics in Prometheus' text format, /health.
        What a request leaves open is as the options say: greedily unless there is a temperature. Ctrl-C lets running answers end, for ten seconds at most.

        Examples:
          transferlab serve --model smollm2_135m_instruct --data-root ~/data
          transferlab serve --model model.gguf --port 8081 --temperature 0.7 --max-tokens 512
          transferlab serve --model model.gguf --host 0.0.0.0 --api-key "$KEY"
        """).With([.. s_model.All, s_port, s_host, s_key, s_waiting, .. s_generation.All]).Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        GenerationOptions generation = s_generation.Read(arguments);
        ChatServerOptions options = Options(arguments);
        (LanguageModel model, ModelSource source) = s_model.Open(arguments, cancellation);
        generation = s_generation.Of(generation, model, arguments);
        using LanguageModelChatClient client = new(model, generation, ownsModel: true, source.Name);
        foreach (string line in LanguageModelOptions.Describe(model, source, generation))
        {
            Console.Out.WriteLine(line);
        }

        try
        {
            ServeAsync(client, options, cancellation).GetAwaiter().GetResult();
        }
        catch (SocketException e)
        {
            throw new IOException($"--host {options.Address}: {e.Message}; give an address of this machine.", e);
        }
    }

    private static async Task ServeAsync(LanguageModelChatClient client, ChatServerOptions options, CancellationToken cancellation)
    {
        ChatServer server = await ChatServer.StartAsync(client, options, e => Console.Error.WriteLine($"fault     {ErrorLine.OfUnexpected(e)}"), cancellation)
            .ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            await Console.Out.WriteLineAsync(
                $"serving   {server.Endpoint} as model '{server.Model}'{(options.ApiKey is null ? "" : ", to whoever has the key")}; Ctrl-C stops")
                .ConfigureAwait(false);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await Console.Out.WriteLineAsync("stopping").ConfigureAwait(false);
                await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static ChatServerOptions Options(ParseResult arguments)
    {
        string host = arguments.GetRequiredValue(s_host);
        IPAddress address = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed
            : throw new ArgumentException($"--host {host}: is no IP address; give one of this machine's, 127.0.0.1 for this machine alone or 0.0.0.0 for all.");
        string? key = arguments.GetValue(s_key);
        if (!IPAddress.IsLoopback(address) && key is null)
        {
            throw new ArgumentException($"--host {host}: other machines reach it there, so it needs --api-key; or leave --host out.");
        }

        try
        {
            return new() { Address = address, Port = arguments.GetValue(s_port), ApiKey = key, MostWaiting = arguments.GetValue(s_waiting) };
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"--api-key: {e.Message}", e); // The only value that is not bounded above.
        }
    }
}
