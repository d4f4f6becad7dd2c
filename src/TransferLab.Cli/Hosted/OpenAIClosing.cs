namespace TransferLab.Cli.Hosted;

/// <summary>What OpenAI announced of its own fine-tuning (developers.openai.com, deprecations; looked at in November 2026).</summary>
internal static class OpenAIClosing
{
    /// <summary>It for a person, a line each.</summary>
    public static IEnumerable<string> Lines =>
    [
        "closing   OpenAI closes its fine-tuning: since 7 May 2026 to whoever never used it, since 2 July 2026 to whoever asked no tuned model in the 60 days "
            + "before, on 6 January 2027 to all",
        "          tuned models end with their base: gpt-4o, gpt-4.1 and gpt-4o-mini on 14 January 2027; 'transferlab train --chat' tunes a model that stays "
            + "yours on the same rows",
    ];
}
