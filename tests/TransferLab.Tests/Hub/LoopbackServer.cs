using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TransferLab.Tests.Hub;

/// <summary>An HTTP server on this machine that can do what no decent server does: stop in the middle, wait, say what is not so.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Asked, Answer> _answer;

    public LoopbackServer(Func<Asked, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public ConcurrentQueue<Asked> Requests { get; } = [];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
                string[] line = (await reader.ReadLineAsync(_stop.Token) ?? "").Split(' ');
                Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
                {
                    headers[header.Split(':')[0]] = header[(header.IndexOf(':') + 1)..].Trim();
                }

                Asked asked = new(line[0], line[1], headers);
                Requests.Enqueue(asked);
                await WriteAsync(stream, _answer(asked));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task WriteAsync(NetworkStream stream, Answer answer)
    {
        await Task.Delay(answer.Wait, _stop.Token);
        StringBuilder head = new(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} X\r\nConnection: close\r\n"));
        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (!answer.Headers.ContainsKey("Content-Length") && answer.SaysLength)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"), _stop.Token);
        await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.Body.Length, answer.StopAfter)), _stop.Token);
        await stream.FlushAsync(_stop.Token);
        await Task.Delay(answer.Hang, _stop.Token);
    }
}

internal sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    public long From => Headers.GetValueOrDefault("Range") is { } range ? long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
}

internal sealed record Answer(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public int StopAfter { get; init; } = int.MaxValue;

    public bool SaysLength { get; init; } = true;

    public TimeSpan Wait { get; init; }

    public TimeSpan Hang { get; init; }

    public static Answer Text(int status, string text = "") => new(status, Encoding.UTF8.GetBytes(text));

    public Answer With(string name, string value)
    {
        Headers[name] = value;
        return this;
    }
}
