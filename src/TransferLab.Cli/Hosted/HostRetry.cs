using System.Globalization;

namespace TransferLab.Cli.Hosted;

/// <summary>Repeats what may pass - rate limits, faults of the host, broken streams - a bounded number of times, and as late as the host asks for.</summary>
/// <param name="host">The host.</param>
/// <param name="say">Told in a line why it waits.</param>
/// <param name="first">The first wait, doubled every time; a second where not given.</param>
internal sealed class HostRetry(ModelHost host, Action<string> say, TimeSpan? first = null)
{
    /// <summary>How often a request is sent at most.</summary>
    public const int Tries = 6;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);
    private readonly TimeSpan _first = first ?? TimeSpan.FromSeconds(1);

    /// <summary>Does it until it succeeds.</summary>
    /// <param name="attempt">Sends the request.</param>
    /// <param name="cancellation">Stops the waiting too.</param>
    /// <exception cref="HostException">It failed for good: one line.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            HostFault fault;
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && HostFault.Of(e) is not null)
            {
                fault = HostFault.Of(e)!;
            }

            string reason = host.WithoutKey(fault.Reason);
            TimeSpan wait = fault.Wait ?? TimeSpan.FromTicks(Math.Min(s_longest.Ticks, _first.Ticks << (tries - 1)));
            if (!fault.MayPass || tries == Tries || wait > s_longest)
            {
                string key = fault.Status == 401 ? $" in {host.Variable}" : "";
                string end = !fault.MayPass
                    ? ""
                    : wait > s_longest
                    ? Say($"; it asks to wait {wait.TotalSeconds:0} s, which is for you to do")
                    : Say($", {tries} times");
                throw new HostException($"{host}: {reason}{key}{end}.");
            }

            say(Say($"waiting   {wait.TotalSeconds:0.#} s: {reason}; then try {tries + 1} of {Tries}"));
            await Task.Delay(wait, cancellation).ConfigureAwait(false);
        }
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
