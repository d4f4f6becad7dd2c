using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace TransferLab.Serving;

/// <summary>What the server counts, in Prometheus' text format 0.0.4.</summary>
internal sealed class ServerMetrics
{
    private readonly object _lock = new();
    private readonly SortedDictionary<(string Route, int Status), long> _requests = [];
    private readonly Histogram _total = new(), _first = new();
    private long _promptTokens, _completionTokens;

    /// <summary>Requests for an answer that are computed or wait.</summary>
    public int Present { get; set; }

    /// <summary>Counts a request.</summary>
    public void Answered(string route, int status)
    {
        lock (_lock)
        {
            _requests[(route, status)] = _requests.GetValueOrDefault((route, status)) + 1;
        }
    }

    /// <summary>Counts a whole answer.</summary>
    /// <param name="took">Waiting included.</param>
    /// <param name="first">Until the first piece; null where it was not streamed.</param>
    /// <param name="usage">Its tokens.</param>
    public void Completed(TimeSpan took, TimeSpan? first, UsageDetails? usage)
    {
        lock (_lock)
        {
            _total.Add(took.TotalSeconds);
            if (first is { } piece)
            {
                _first.Add(piece.TotalSeconds);
            }

            _promptTokens += usage?.InputTokenCount ?? 0;
            _completionTokens += usage?.OutputTokenCount ?? 0;
        }
    }

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(ToText(), context.RequestAborted).ConfigureAwait(false);
    }

    internal string ToText()
    {
        StringBuilder text = new();
        lock (_lock)
        {
            Head(text, "transferlab_requests_total", "counter", "Requests by route and status; 499 is a client that left.");
            foreach (((string route, int status), long count) in _requests)
            {
                Line(text, $"transferlab_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}");
            }

            Head(text, "transferlab_request_errors_total", "counter", "Requests with a status of 400 or more.");
            Line(text, $"transferlab_request_errors_total {_requests.Where(item => item.Key.Status >= 400).Sum(item => item.Value)}");
            Head(text, "transferlab_prompt_tokens_total", "counter", "Tokens of prompts that were answered.");
            Line(text, $"transferlab_prompt_tokens_total {_promptTokens}");
            Head(text, "transferlab_completion_tokens_total", "counter", "Tokens that were written.");
            Line(text, $"transferlab_completion_tokens_total {_completionTokens}");
            Head(text, "transferlab_requests_present", "gauge", "Requests for an answer that are computed or wait.");
            Line(text, $"transferlab_requests_present {Present}");
            _total.Write(text, "transferlab_answer_seconds", "Seconds until an answer was whole, waiting included.");
            _first.Write(text, "transferlab_first_piece_seconds", "Seconds until the first piece of a streamed answer, waiting included.");
        }

        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string kind, string help) => text.Append("# HELP ").Append(name).Append(' ').Append(help)
        .Append("\n# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private sealed class Histogram
    {
        private static readonly double[] s_bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
        private readonly long[] _counts = new long[s_bounds.Length + 1];
        private double _sum;

        public void Add(double seconds)
        {
            int at = Array.FindIndex(s_bounds, bound => seconds <= bound);
            _counts[at < 0 ? s_bounds.Length : at]++;
            _sum += seconds;
        }

        public void Write(StringBuilder text, string name, string help)
        {
            Head(text, name, "histogram", help);
            long below = 0;
            for (int i = 0; i < _counts.Length; i++)
            {
                below += _counts[i];
                Line(text, $"{name}_bucket{{le=\"{(i < s_bounds.Length ? s_bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf")}\"}} {below}");
            }

            Line(text, $"{name}_sum {_sum}");
            Line(text, $"{name}_count {below}");
        }
    }
}
