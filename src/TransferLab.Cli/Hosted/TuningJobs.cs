using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using OpenAI;
using OpenAI.Files;

namespace TransferLab.Cli.Hosted;

/// <summary>Fine-tuning at a host under OpenAI's API (<c>/files</c>, <c>/fine_tuning/jobs</c>), through the official client.</summary>
/// <param name="host">The host.</param>
/// <param name="retry">Repeats what may be repeated: all but the beginning of a job, which costs money.</param>
/// <param name="say">Told what happens, a line each.</param>
/// <param name="pause">Between two looks; five seconds where not given.</param>
internal sealed class TuningJobs(ModelHost host, HostRetry retry, Action<string> say, TimeSpan? pause = null)
{
    private const string Path = "/fine_tuning/jobs";
    private readonly TimeSpan _pause = pause ?? TimeSpan.FromSeconds(5);
    private readonly OpenAIClient _client = host.Client();

    /// <summary>Uploads rows.</summary>
    /// <returns>The file's id.</returns>
    public Task<string> UploadAsync(string path, CancellationToken cancellation) => retry.RunAsync(
        async () =>
        {
            FileStream stream = File.OpenRead(path);
            await using (stream.ConfigureAwait(false))
            {
                OpenAIFileClient files = _client.GetOpenAIFileClient();
                OpenAIFile file = await files.UploadFileAsync(stream, System.IO.Path.GetFileName(path), FileUploadPurpose.FineTune, cancellation)
                    .ConfigureAwait(false);
                return file.Id;
            }
        },
        cancellation);

    /// <summary>Begins a job, once: where the host's answer is lost, its list says whether it began.</summary>
    /// <param name="model">The model to tune.</param>
    /// <param name="file">The id of uploaded rows.</param>
    /// <param name="epochs">Passes over the rows; null leaves them to the host.</param>
    /// <param name="cancellation">Stops before it has begun.</param>
    public async Task<TuningJob> StartAsync(string model, string file, int? epochs, CancellationToken cancellation)
    {
        string body = JsonSerializer.Serialize(epochs is { } n
            ? new { model, training_file = file, method = new { type = "supervised", supervised = new { hyperparameters = new { n_epochs = n } } } }
            : (object)new { model, training_file = file });
        return await retry.RunAsync(
            async () =>
            {
                try
                {
                    return TuningJob.Read(await SendAsync("POST", Path, body, cancellation).ConfigureAwait(false));
                }
                catch (Exception e) when (!cancellation.IsCancellationRequested && HostFault.Of(e) is { Status: not 429, MayPass: true })
                {
                    if (await FindAsync(file, cancellation).ConfigureAwait(false) is { } begun)
                    {
                        return begun;
                    }

                    throw;
                }
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>A job as it stands.</summary>
    public Task<TuningJob> GetAsync(string id, CancellationToken cancellation) =>
        retry.RunAsync(async () => TuningJob.Read(await SendAsync("GET", $"{Path}/{Uri.EscapeDataString(id)}", null, cancellation).ConfigureAwait(false)),
            cancellation);

    /// <summary>Cancels a job.</summary>
    public Task<TuningJob> CancelAsync(string id, CancellationToken cancellation) =>
        retry.RunAsync(async () =>
            TuningJob.Read(await SendAsync("POST", $"{Path}/{Uri.EscapeDataString(id)}/cancel", null, cancellation).ConfigureAwait(false)), cancellation);

    /// <summary>Follows a job to its end, telling what is new.</summary>
    /// <exception cref="HostException">It failed or was cancelled: the reason in one line.</exception>
    public async Task<TuningJob> FollowAsync(string id, CancellationToken cancellation)
    {
        HashSet<string> told = [];
        for (string status = ""; ;)
        {
            TuningJob job = await LookAsync(id, cancellation).ConfigureAwait(false);
            if (job.Status != status)
            {
                status = job.Status;
                say($"job       {job.Id}: {status}");
            }

            foreach (string line in await NewsAsync(id, told, cancellation).ConfigureAwait(false))
            {
                say($"          {host.WithoutKey(line)}");
            }

            if (job.IsOver)
            {
                string reason = job.Error.Length > 0 ? $": {host.WithoutKey(job.Error).TrimEnd('.')}" : "";
                return job.HasSucceeded
                    ? job
                    : throw new HostException($"{host}: job {job.Id} {(job.Status == "failed" ? "failed" : "was cancelled")}{reason}.");
            }

            await Task.Delay(_pause, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<TuningJob> LookAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(id, cancellation).ConfigureAwait(false);
        }
        catch (HostException e)
        {
            throw new HostException($"{e.Message} Job {id} may go on there: --job {id} follows it again.");
        }
    }

    /// <summary>Events that were not told yet, the oldest first; none where the host has no list of them.</summary>
    private async Task<IReadOnlyList<string>> NewsAsync(string id, HashSet<string> told, CancellationToken cancellation)
    {
        try
        {
            JsonElement list = await SendAsync("GET", $"{Path}/{Uri.EscapeDataString(id)}/events?limit=50", null, cancellation).ConfigureAwait(false);
            return list.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Array
                ? [.. data.EnumerateArray().Where(item => told.Add(TuningJob.Text(item, "id"))).Select(item => ErrorLine.Of(TuningJob.Text(item, "message")))
                    .Where(text => text.Length > 0).Reverse()]
                : [];
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && HostFault.Of(e) is not null)
        {
            return []; // They are told the next time.
        }
    }

    private async Task<TuningJob?> FindAsync(string file, CancellationToken cancellation)
    {
        JsonElement list = await retry.RunAsync(() => SendAsync("GET", $"{Path}?limit=20", null, cancellation), cancellation).ConfigureAwait(false);
        return list.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Array
            ? data.EnumerateArray().Select(TuningJob.Read).FirstOrDefault(job => job.File == file)
            : null;
    }

    private async Task<JsonElement> SendAsync(string method, string path, string? body, CancellationToken cancellation)
    {
        using PipelineMessage message = _client.Pipeline.CreateMessage();
        message.Apply(new RequestOptions { CancellationToken = cancellation });
        message.Request.Method = method;
        message.Request.Uri = new(host + path);
        message.Request.Headers.Set("Accept", "application/json");
        if (body is not null)
        {
            message.Request.Headers.Set("Content-Type", "application/json");
            message.Request.Content = BinaryContent.Create(BinaryData.FromString(body));
        }

        await _client.Pipeline.SendAsync(message).ConfigureAwait(false);
        PipelineResponse response = message.ExtractResponse()!;
        if (response.IsError)
        {
            throw new ClientResultException(response);
        }

        using (response)
        {
            using var json = JsonDocument.Parse(response.Content);
            return json.RootElement.Clone();
        }
    }
}
