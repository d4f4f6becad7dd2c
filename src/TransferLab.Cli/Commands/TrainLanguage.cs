using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Reporting;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab train --chat</c> and <c>--corpus</c>: tunes a language model.</summary>
internal static class TrainLanguage
{
    private const int BlockTokens = 256, ShownDropped = 3, FewestTokens = 8, MostTokens = 1 << 20;
    private const string CheckpointName = "checkpoint.safetensors";

    /// <summary>What the train command knows already.</summary>
    internal sealed record Request
    {
        public required string Out { get; init; }

        public required string Strategy { get; init; }

        public required string? From { get; init; }

        public required int Seed { get; init; }

        public required int? MaxTokens { get; init; }

        public required string? DataRoot { get; init; }

        public required Func<ComputeDevice> Compute { get; init; }
    }

    public static void Run(ParseResult arguments, LanguageOptions options, Request request, CancellationToken cancellation)
    {
        (string? chat, string? corpus, string? test) = (options.Chat(arguments), options.Corpus(arguments), options.Test(arguments));
        if (test is not null && chat is null)
        {
            throw new ArgumentException("--test holds conversations out, and --corpus alone trains on plain texts; leave it out.");
        }

        if (request.MaxTokens is < FewestTokens or > MostTokens)
        {
            throw new ArgumentException($"--max-tokens is {FewestTokens} to {MostTokens}, not {request.MaxTokens}.");
        }

        LanguageTuning tuning = options.Tuning(arguments);
        TransferStrategy strategy = KnownStrategies.Find(request.Strategy) as TransferStrategy
            ?? throw new ArgumentException(
                $"--strategy {request.Strategy} does not train a network; for language models take lora, full, last-1 (the nearest to freezing), last-2, "
                    + $"last-4 or gradual.");
        TransferStrategy applied = tuning.Apply(strategy); // What makes no sense is refused before anything is read.
        if (request.From is { } earlier && applied.Phases.All(phase => phase.Lora is null))
        {
            throw new ArgumentException(
                $"--from {earlier}: its adapter goes on under --strategy lora alone, and {request.Strategy} moves the weights themselves; merge it first "
                    + $"(transferlab export --model {earlier} --folder DIR), and name DIR by --model.");
        }

        string model = options.Model(arguments, request.DataRoot, cancellation);
        Inputs inputs = new Inputs().Add("--chat", chat).Add("--test", test).Add("--corpus", corpus).Add("--model", model)
            .Add("--from", request.From);
        inputs.CheckFolder("--out", request.Out, []);
        OutputPlace.CheckWritable($"--out {request.Out}", request.Out);
        NeededPackages.EnsureLibTorch();
        string checkpoint = Path.Combine(request.Out, CheckpointName);
        if (options.Restarts(arguments))
        {
            File.Delete(checkpoint);
        }

        IReadOnlyList<Conversation>? conversations = chat is null
            ? null
            : ConversationFile.Read(chat), held = test is null
            ? null
            : ConversationFile.Read(test);
        if (conversations is not null && held is not null)
        {
            SayWhatIsAskedTwice(conversations, held, $"transferlab chat check {chat} --test {test}");
        }

        ComputeDevice compute = request.Compute();
        LanguageModelTrainer trainer = new(model)
        {
            Tuning = tuning,
            Seed = request.Seed,
            MaxTokens = request.MaxTokens,
            Compute = compute,
            From = request.From is { } from ? AdapterOf(from) : null,
            Checkpoint = new()
            {
                Path = checkpoint,
                Fingerprint = Fingerprint(arguments, model, chat, test, corpus, request.From),
                Every = TimeSpan.FromMinutes(2),
            },
        };
        Console.Out.WriteLine($"model     {trainer.Card.Name}: {trainer.Card.Architecture}; licence {trainer.Card.Licence}");
        (ChatExamples Train, ChatExamples HeldOut)? rows = conversations is null ? null : trainer.Encode(conversations, held);
        CorpusExamples? texts = corpus is null
            ? null
            : CorpusExamples.Read(corpus, trainer.Tokenizer, Math.Min(request.MaxTokens ?? BlockTokens, BlockTokens), request.Seed);
        Describe(trainer, chat, rows, corpus, texts);
        (IReadOnlyList<Example> train, IReadOnlyList<Example> heldOut) = rows is { } both
            ? (both.Train.Rows, both.HeldOut.Rows)
            : (texts!.Train, texts.HeldOut);
        Expect(trainer.Estimate(strategy, [.. train, .. (rows is null ? null : texts?.Train) ?? []], heldOut));
        using TunedLanguageModel tuned = Tune(trainer, strategy, train, heldOut, rows is null ? null : texts?.Train, cancellation);
        Dictionary<string, double> results = Measure(tuned.Model, rows?.HeldOut.Rows, texts, request.From is not null, cancellation);
        tuned.Save(request.Out, Data(chat ?? corpus!, rows, texts), results);
        File.Delete(checkpoint);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"trained   {tuned.Plan.TrainableParameters:N0} of {tuned.Model.Parameters:N0} parameters in {tuned.Time.Total:0.0} s"));
        Console.Out.WriteLine(
            $"written   {request.Out}: {(tuned.Model.HasAdapter ? "adapter/ (PEFT's layout)" : "model/ (a whole model)")}, card.json, results.json");
        Console.Out.WriteLine($"next      transferlab chat --model {request.Out}");
    }

    private static void SayWhatIsAskedTwice(IReadOnlyList<Conversation> train, IReadOnlyList<Conversation> held, string check)
    {
        HashSet<string> asked = [.. train.Select(Asked)];
        int both = held.Count(row => asked.Contains(Asked(row)));
        if (both > 0)
        {
            Display.Warn([string.Create(CultureInfo.InvariantCulture,
                $"{both:N0} of {held.Count:N0} held-out conversations ask word for word what a training row asks: their loss flatters; "
                    + $"'{check}' names them.")]);
        }

        static string Asked(Conversation row) => string.Join('\n', row.Turns.Where(turn => turn.Role == Role.User).Select(turn => turn.Content.Trim()));
    }

    private static TunedLanguageModel Tune(
        LanguageModelTrainer trainer, TransferStrategy strategy, IReadOnlyList<Example> train, IReadOnlyList<Example> heldOut, IReadOnlyList<Example>? corpus,
            CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        double shown = -1, begun = -1;
        return trainer.Tune(strategy, train, heldOut, corpus, new ImmediateProgress<TrainingProgress>(progress =>
        {
            double seconds = watch.Elapsed.TotalSeconds;
            begun = begun < 0 ? progress.Share : begun; // Where a resumed run goes on.
            if (progress.Point is { } point)
            {
                string validation = point.ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", held out {loss:0.000}") : "";
                Console.Out.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"epoch {point.Epoch:0}   loss {point.TrainLoss:0.000}{validation} ({point.Seconds:0} s)"));
            }
            else if (progress.Loss is { } step && progress.Share > begun && seconds - shown > (Console.IsOutputRedirected ? 15 : 2))
            {
                shown = seconds;
                double left = seconds / (progress.Share - begun) * (1 - progress.Share);
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{100 * progress.Share,5:0.0} %   loss {step:0.000}, {progress.Positions / seconds:0} tokens a second, {Figures.Duration(left)} left"));
            }
        }), cancellation);
    }

    private static Dictionary<string,
        double> Measure(LanguageModel model, IReadOnlyList<Example>? heldOut, CorpusExamples? texts, bool isContinued, CancellationToken cancellation)
    {
        Dictionary<string, double> results = [];
        // What moved the weights themselves cannot be switched off.
        using LanguageModel? untuned = model.HasAdapter ? null : LanguageModel.Open(model.BasePath);
        void Both(string name, IReadOnlyList<Example> examples, double scale, string unit)
        {
            double after = model.MeanLoss(examples, cancellation) * scale;
            model.UsesAdapter = false;
            double before = (untuned ?? model).MeanLoss(examples, cancellation) * scale;
            model.UsesAdapter = true;
            (results[name + " after"], results[name + " before"]) = (after, before);
            string of = isContinued ? "by the base without any adapter" : "before";
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-9} {after:0.000} {unit}, {before:0.000} {of}"));
        }

        if (heldOut is not null)
        {
            Both("held out", heldOut, 1, "loss a trained token");
        }

        if (texts is not null)
        {
            long tokens = texts.HeldOut.Sum(block => (long)((CompletionTarget)block.Target).TrainedCount);
            Both("texts", texts.HeldOut, tokens / Math.Log(2) / texts.HeldOutBytes, "bits a byte of the held-out texts");
        }

        return results;
    }

    private static void Describe(LanguageModelTrainer trainer, string? chat, (ChatExamples Train, ChatExamples HeldOut)? rows, string? corpus,
        CorpusExamples? texts)
    {
        if (rows is var (train, heldOut))
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"data      {chat}: {train.Rows.Count:N0} conversations of {train.Tokens:N0} tokens, {train.TrainedTokens:N0} of them trained; "
                    + $"{heldOut.Rows.Count:N0} held out ({heldOut.TrainedTokens:N0} tokens)"));
            string system = trainer.Chat!.DefaultSystemTokens > 0
                ? string.Create(CultureInfo.InvariantCulture,
                    $", whose system turn adds {trainer.Chat.DefaultSystemTokens} tokens to a conversation without one") : "";
            Console.Out.WriteLine($"template  {trainer.Chat.Template.Name}{system}");
            Dropped("training", train.Dropped);
            Dropped("held-out", heldOut.Dropped);
            if (train.SplitApart > 0)
            {
                Display.Warn(
                    [$"{(train.SplitApart == 1 ? "One conversation has an answer that begins" : $"{train.SplitApart} conversations have answers that begin")} "
                        + $"with white space: other programs may split them otherwise."]);
            }

            if (ChatCard.Read(chat!) is not { } card || card.License == ChatCard.Unknown)
            {
                Display.Warn([$"Nobody said under which licence {Path.GetFileName(chat)} is; write it into {Path.GetFileName(ChatCard.PathBeside(chat!))}."]);
            }
        }

        if (texts is not null)
        {
            Console.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"texts     {corpus}: {texts.Tokens:N0} tokens in {texts.Train.Count:N0} blocks; {texts.HeldOut.Count:N0} held out "
                        + $"({texts.HeldOutBytes:N0} bytes)"));
            Dropped("text", texts.LeftOut);
        }
    }

    private static void Dropped(string what, IReadOnlyList<string> dropped)
    {
        if (dropped.Count > 0)
        {
            string more = dropped.Count > ShownDropped ? $" and {dropped.Count - ShownDropped} more" : "";
            Display.Warn(
                [$"{(dropped.Count == 1 ? $"One {what} row is" : $"{dropped.Count} {what} rows are")} left out: "
                    + $"{string.Join("; ", dropped.Take(ShownDropped))}{more}."]);
        }
    }

    private static void Expect(TuningEstimate estimate)
    {
        Console.Out.WriteLine($"expected  about {Figures.Duration(estimate.Seconds)}, {Figures.Bytes(estimate.Bytes)} of memory");
        if (!estimate.Fits)
        {
            throw new ArgumentException(
                $"This needs about {Figures.Bytes(estimate.Bytes)} of memory, and there are {Figures.Bytes(estimate.AvailableBytes)}: take --strategy lora, a "
                    + $"smaller --batch-size with --accumulation, or a lower --max-tokens.");
        }
    }

    private static string AdapterOf(string from)
    {
        string adapter = Path.Combine(from, TunedLanguageModel.AdapterFolder);
        return Directory.Exists(adapter) ? adapter
            : throw new ArgumentException(
                $"--from {from}: holds no {TunedLanguageModel.AdapterFolder}/ of an earlier tuning; a model that was tuned whole is named by --model "
                    + $"{Path.Combine(from, TunedLanguageModel.ModelFolder)}.");
    }

    private static LanguageModelCardData Data(string source, (ChatExamples Train, ChatExamples HeldOut)? rows, CorpusExamples? texts) =>
        rows is var (train, heldOut)
        ? new(source, ChatCard.Read(source)?.License ?? ChatCard.Unknown, train.Rows.Count, heldOut.Rows.Count, train.Tokens, train.TrainedTokens)
        : new(source, ChatCard.Unknown, texts!.Train.Count, texts.HeldOut.Count, texts.Tokens, texts.Tokens);

    /// <summary>All that decides a run: the command line but for its place, and what the files hold.</summary>
    private static string Fingerprint(ParseResult arguments, params string?[] files)
    {
        StringBuilder all = new();
        foreach (Option option in arguments.CommandResult.Command.Options.Where(option => option.Name is not ("--out" or "--restart")))
        {
            all.Append(option.Name).Append('=').AppendJoin(' ', arguments.GetResult(option)?.Tokens.Select(token => token.Value) ?? []).Append('\n');
        }

        foreach (string file in files.OfType<string>().SelectMany(path => Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : (IEnumerable<string>)[path]))
        {
            FileInfo info = new(file); // Of a folder every file: one that changed must not be gone on with.
            all.Append(file).Append(' ').Append(info.Exists ? info.Length : 0).Append(' ').Append(info.LastWriteTimeUtc.Ticks).Append('\n');
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }
}
