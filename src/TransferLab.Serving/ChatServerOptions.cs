using System.Net;

namespace TransferLab.Serving;

/// <summary>Where and how a <see cref="ChatServer"/> listens.</summary>
public sealed record ChatServerOptions
{
    private readonly int _port = 8080, _mostWaiting = 64, _mostBodyBytes = 4 << 20;
    private readonly string? _apiKey;

    /// <summary>The address; this machine alone where not given. Another needs an <see cref="ApiKey"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port, 0 to 65,535; 0 takes a free one.</summary>
    public int Port
    {
        get => _port;
        init => _port = value is >= 0 and <= IPEndPoint.MaxPort ? value : throw new ArgumentException($"A port is 0 to {IPEndPoint.MaxPort}, not {value}.");
    }

    /// <summary>What requests must carry as <c>Authorization: Bearer KEY</c>, 8 to 256 visible ASCII characters; null for no key, on this machine
    /// alone.</summary>
    public string? ApiKey
    {
        get => _apiKey;
        init => _apiKey = value is null || (value.Length is >= 8 and <= 256 && value.All(c => c is > ' ' and < '\x7f')) ? value
            : throw new ArgumentException("A key has 8 to 256 visible ASCII characters, and no spaces.");
    }

    /// <summary>Requests that may wait for their turn, 1 to 100,000; more are refused with status 429.</summary>
    public int MostWaiting
    {
        get => _mostWaiting;
        init => _mostWaiting = value is >= 1 and <= 100_000 ? value : throw new ArgumentException($"1 to 100000 requests may wait, not {value}.");
    }

    /// <summary>Largest body of a request, 1,024 bytes to 1 GiB.</summary>
    public int MostBodyBytes
    {
        get => _mostBodyBytes;
        init => _mostBodyBytes = value is >= 1024 and <= 1 << 30
            ? value
            : throw new ArgumentException($"A body has at most 1024 to {1 << 30} bytes, not {value}.");
    }

    /// <summary>How long requests may go on when the server stops, before they are cut off.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}
