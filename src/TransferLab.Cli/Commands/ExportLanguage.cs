using System.CommandLine;
using System.Globalization;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Reporting;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab export</c> of a language model: its adapter alone or the whole, read back before it is called written.</summary>
internal static class ExportLanguage
{
    private const double MostDifference = 1e-3;
    private static readonly string[] s_questions = ["What is the capital of France?", "Write one sentence about the sea.", "Name three primary colors.",
        "How many days are in a week?"];
    private static readonly Option<string?> s_adapter = new("--adapter")
    {
        Description = "Folder for the adapter of a tuned language model alone, in PEFT's layout",
        HelpName = "DIR",
    };
    private static readonly Option<string?> s_ggufAdapter = new("--gguf-adapter")
    {
        Description = "File for the adapter alone, for llama.cpp to load over the very GGUF file that was tuned",
        HelpName = "FILE",
    };
    private static readonly Option<string?> s_folder = new("--folder")
    {
        Description = "Folder for the whole language model, adapter merged, in the layout of the Hugging Face hub",
        HelpName = "DIR",
    };
    private static readonly Option<string?> s_gguf = new("--gguf")
    {
        Description = "File for the whole language model, adapter merged, with tokenizer and chat template",
        HelpName = "FILE",
    };
    private static readonly Option<string?> s_type = new("--type")
    {
        Description = "Type of the weights: f32, f16, bf16 or q8_0 (--gguf; f16 where not given), f32, f16 or bf16 (--folder; f32)",
        HelpName = "NAME",
    };
    private static readonly Option<string?> s_chat = new("--chat")
    {
        Description = "Conversations on which the written model is compared with the one that it is written from; four questions where not given",
        HelpName = "FILE",
    };

    public static IEnumerable<Option> All => [s_adapter, s_ggufAdapter, s_folder, s_gguf, s_type, s_chat];

    /// <summary>Whether a form of language models is asked for.</summary>
    public static bool IsGiven(ParseResult arguments) => Given(arguments).Length > 0;

    public static void Run(ParseResult arguments, string source, string? dataRoot, CancellationToken cancellation)
    {
        (Option<string?> form, string target) = Given(arguments) is [var only]
            ? only
            : throw new ArgumentException("--adapter, --gguf-adapter, --folder and --gguf: each is a form of its own; give one of them.");
        string? type = arguments.GetValue(s_type);
        if (type is not null && form != s_folder && form != s_gguf)
        {
            throw new ArgumentException($"--type is for --folder and --gguf; {form.Name} keeps the adapter's float32.");
        }

        string path = LanguageOptions.Locate(source, dataRoot, cancellation);
        bool isFolder = form == s_adapter || form == s_folder;
        Inputs inputs = new Inputs().Add("--model", path).Add("--chat", arguments.GetValue(s_chat));
        if (isFolder)
        {
            inputs.CheckFolder(form.Name, target, []);
            OutputPlace.CheckWritable($"{form.Name} {target}", target);
        }
        else
        {
            OutputFile.CheckModel(form.Name, target, inputs, ".gguf");
        }

        IReadOnlyList<Conversation>? conversations = arguments.GetValue(s_chat) is { } chat ? ConversationFile.Read(chat) : null;
        NeededPackages.EnsureLibTorch();
        using LanguageModel model = LanguageModel.Open(path, ComputeDevice.Choose("cpu", "float32"));
        bool adapterAlone = form == s_adapter || form == s_ggufAdapter;
        if (adapterAlone && !model.HasAdapter)
        {
            throw new ArgumentException(
                $"{form.Name}: {source} has no adapter, because its own weights were tuned or none; write the whole by --folder or --gguf.");
        }

        Inputs opened = new Inputs().Add("--model", model.BasePath); // Of a folder of tuning, what its card names; of another, the file in it.
        if (isFolder)
        {
            opened.CheckFolder(form.Name, target, ["model.safetensors"]);
        }
        else
        {
            opened.CheckFile(form.Name, target, _ => true);
        }

        OutputFile.CheckSpace(form.Name, target, adapterAlone ? 0 : BytesOf(form, type) * model.Parameters);
        Write(model, form, target, type);
        ExportCheck check = ExportCheck.Of(model, adapterAlone
            ? model.BasePath
            : target, adapterAlone
            ? target
            : null, Texts(model, conversations), cancellation);
        long bytes = isFolder ? Directory.GetFiles(target).Sum(file => new FileInfo(file).Length) : new FileInfo(target).Length;
        Console.Out.WriteLine($"written   {target}: {Figures.Bytes(bytes)}");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"read back largest difference of a logit {check.LargestDifference:G3}, same most likely token for {100 * check.SameTop:0.0} %, 32 greedy tokens "
                + $"{(check.SameGreedy ? "the same" : "NOT the same")}, loss {check.WrittenLoss:0.0000} ({check.Loss:0.0000} before)"));
        if (!check.SameGreedy && check.LargestDifference < MostDifference)
        {
            Display.Warn(["The greedy tokens differ although the logits nearly agree: two tokens were as likely as one another."]);
        }
    }

    private static void Write(LanguageModel model, Option<string?> form, string target, string? type)
    {
        if (form == s_adapter)
        {
            model.SaveAdapter(target);
        }
        else if (form == s_ggufAdapter)
        {
            model.SaveGgufAdapter(target);
        }
        else if (form == s_gguf)
        {
            model.SaveGguf(target, (type ?? "f16").ToUpperInvariant());
        }
        else
        {
            model.SaveFolder(target, (type ?? "f32").ToLowerInvariant() switch
            {
                "f32" or "float32" => ScalarType.Float32,
                "f16" or "float16" => ScalarType.Float16,
                "bf16" or "bfloat16" => ScalarType.BFloat16,
                var other => throw new ArgumentException($"--type {other}: a folder is written as f32, f16 or bf16; quantised weights are for --gguf."),
            });
        }
    }

    private static long BytesOf(Option<string?> form, string? type) =>
        (type ?? (form == s_gguf ? "f16" : "f32")).ToLowerInvariant() is "f32" or "float32" ? sizeof(float) : sizeof(short);

    /// <summary>What is compared: conversations, or questions with the model's own answers.</summary>
    private static IReadOnlyList<Example> Texts(LanguageModel model, IReadOnlyList<Conversation>? conversations)
    {
        if (model.Chat is not { } chat)
        {
            return [.. s_questions.Select(question => model.Tokenizer.Encode(question)).Select(ids =>
                new Example("text", "", new CompletionTarget(ids, [.. ids.Select((_, i) => i > 0)])))];
        }

        IReadOnlyList<Conversation> rows = conversations
            ?? [.. s_questions.Select(question => new Conversation([new(Role.User, question), new(Role.Assistant, question)]))];
        return ChatExamples.Of(rows, chat, model.MaxTokens).Rows;
    }

    private static (Option<string?> Form, string Target)[] Given(ParseResult arguments) =>
        [.. new[] { s_adapter, s_ggufAdapter, s_folder, s_gguf }.Where(option => arguments.GetValue(option) is not null).Select(option =>
            (option, arguments.GetValue(option)!))];
}
