using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace TransferLab.Hub;

/// <summary>Requests to a hub: the token for its own host alone, redirects followed by hand, failures that pass tried again.</summary>
internal sealed class HubRequests : IDisposable
{
    private const int Unreachable = 3; // Somebody without a network is not kept waiting.
    private const int MostRedirects = 5, MostListing = 64 << 20;
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(2);
    private readonly HubOptions _options;
    private readonly HttpClient _http;

    public HubRequests(HubOptions options)
    {
        _options = options;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false, // It would not show where to, and what the hub says of the file on the way.
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = options.Timeout,
            UseProxy = !options.Endpoint.IsLoopback,
        };
        _http = new(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new("transferlab", typeof(HubRequests).Assembly.GetName().Version?.ToString(3)));
        _http.DefaultRequestHeaders.AcceptEncoding.Add(new("identity"));
    }

    /// <summary>The files of a model at a revision.</summary>
    public async Task<RemoteModel> ListAsync(HubReference model, CancellationToken cancellation)
    {
        Uri address = Address($"api/models/{model.Model}/revision/{Uri.EscapeDataString(model.Revision)}?blobs=true");
        return await RetryAsync(model, async token =>
        {
            using HttpResponseMessage response = await SendAsync(address, model, null, token).ConfigureAwait(false);
            byte[] body = await Body.ReadAsync(response, MostListing, _options.Timeout, address.Host, token).ConfigureAwait(false);
            return RemoteModel.Read(body, $"{address.Authority}, {model.Model}");
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for a file, from a byte on. The caller disposes the response.</summary>
    public Task<HttpResponseMessage> GetAsync(HubReference model, string commit, string file, long from, CancellationToken cancellation) => SendAsync(
        Address($"{model.Model}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}"), model, from > 0
            ? new RangeHeaderValue(from, null)
            : null, cancellation);

    /// <summary>Tries again what failed for a reason that may pass, as often as the options say and after what pause the server says.</summary>
    public async Task<T> RetryAsync<T>(HubReference model, Func<CancellationToken, Task<T>> work, CancellationToken cancellation, Func<bool>? hasAdvanced =
        null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await work(cancellation).ConfigureAwait(false);
            }
            catch (PassingException e)
            {
                attempt = hasAdvanced?.Invoke() == true ? 1 : attempt;
                TimeSpan pause = e.Pause ?? TimeSpan.FromSeconds(Math.Pow(2, attempt - 1));
                if (attempt >= (e.IsUnreachable ? Math.Min(_options.Attempts, Unreachable) : _options.Attempts) || pause > s_longestPause)
                {
                    string wait = pause > s_longestPause
                        ? string.Create(CultureInfo.InvariantCulture, $", and asks to come back in {pause.TotalMinutes:0} minutes")
                        : attempt > 1
                        ? $", {attempt} times"
                        : "";
                    throw new HubException($"{model}: {e.Message}{wait}. What is here so far stays, and the next try goes on from there.",
                        e)
                    { IsUnreachable = e.IsUnreachable };
                }

                await _options.Pause(pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private Uri Address(string relative) => new($"{_options.Endpoint.AbsoluteUri.TrimEnd('/')}/{relative}");

    private async Task<HttpResponseMessage> SendAsync(Uri address, HubReference model, RangeHeaderValue? range, CancellationToken cancellation)
    {
        Dictionary<string, string> said = [];
        Uri at = address;
        for (int i = 0; i <= MostRedirects; i++)
        {
            HttpResponseMessage response = await OnceAsync(at, range, cancellation).ConfigureAwait(false);
            if (response.Headers.Location is not { } location || (int)response.StatusCode is < 300 or >= 400)
            {
                return Finish(response, model, said);
            }

            Keep(response, said);
            response.Dispose();
            Uri next = new(at, location);
            if (next.Scheme != "https" && !(next.Scheme == "http" && (at.Scheme == "http" || next.IsLoopback)))
            {
                throw new HubException(
                    $"{model}: {at.Authority} leads to {next.Scheme}://{next.Authority}, which is not encrypted; nothing is fetched from there.");
            }

            at = next;
        }

        throw new HubException($"{model}: {address.Authority} leads on and on, more than {MostRedirects} times.");
    }

    // What the hub says of a file (its hash, the commit) stands in the answer that leads to another host, and not in that host's.
    private static void Keep(HttpResponseMessage response, Dictionary<string, string> said)
    {
        foreach (string name in (string[])[FileFacts.Hash, FileFacts.Size, FileFacts.Commit])
        {
            if (response.Headers.TryGetValues(name, out IEnumerable<string>? values))
            {
                said.TryAdd(name, values.First());
            }
        }
    }

    private static HttpResponseMessage Finish(HttpResponseMessage response, HubReference model, Dictionary<string, string> said)
    {
        if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            using (response)
            {
                throw Refusals.Of(response, model);
            }
        }

        foreach ((string name, string value) in said)
        {
            response.Headers.Remove(name);
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private async Task<HttpResponseMessage> OnceAsync(Uri address, RangeHeaderValue? range, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Range = range;
        if (_options.Token is { } token && address.Authority == _options.Endpoint.Authority && address.Scheme == _options.Endpoint.Scheme)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.Timeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PassingException(string.Create(CultureInfo.InvariantCulture,
                $"{address.Authority} did not answer within {_options.Timeout.TotalSeconds:0.#} seconds"))
            { IsUnreachable = true };
        }
        catch (HttpRequestException e)
        {
            throw new PassingException($"{address.Authority} cannot be reached ({(e.InnerException ?? e).Message.TrimEnd('.')})", e) { IsUnreachable = true };
        }
    }
}
