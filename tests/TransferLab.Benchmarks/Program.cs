using System.Globalization;
using TransferLab.Benchmarks;
using TransferLab.Runtime;
using TransferLab.Strategies;

NativeMemory.TuneForTraining();

// Speed as a ratio within one run: machines are shared and noisy, seconds alone say little.
switch (args)
{
    case ["mlnet", string images]:
        MLNetFrozen.Run(images);
        return 0;
    case ["step"]:
        TrainingStep.Run();
        return 0;
    case ["text", string texts]:
        TextStep.Run(texts);
        return 0;
    case ["roundtrip", string task, var perClass, .. var precision]:
        RoundTrip.Run(task, int.Parse(perClass, CultureInfo.InvariantCulture), precision.FirstOrDefault() ?? "float32");
        return 0;
    case ["torch-app", string network, var times, string input]:
        TorchApp.Run(network, int.Parse(times, CultureInfo.InvariantCulture), input);
        return 0;
    case ["fuzz", .. var minutes]:
        return Fuzz.Run(minutes is [var number] ? double.Parse(number, CultureInfo.InvariantCulture) : 5);
    case ["small-world", string folder, .. var sizes]:
        return SmallWorldPretraining.Run(folder, Size(sizes, 0, 1), Size(sizes, 1, 20_000), Number(sizes, 2, 8e-4), new()
        {
            Course = new()
            {
                Exercises = Number(sizes, 3, 0.05),
                Ease = Number(sizes, 5, 0.5),
                Refusals = Number(sizes, 8, 0.2),
                Frames = Number(sizes, 9, 0.2),
                Lookups = Number(sizes, 10, 0),
                Alike = Number(sizes, 12, 0),
            },
            Drills = Number(sizes, 4, 0.1),
            Whole = Number(sizes, 6, 1),
            Batch = Size(sizes, 7, 24),
            Bindings = Number(sizes, 11, 0),
            Solver = sizes is [.., "muon"] ? Solver.Muon : Solver.AdamW,
        });
    case ["small-world-exam", string folder, .. var sizes]:
        Console.WriteLine(SmallWorldExam.Of(folder, Size(sizes, 0, 500), Size(sizes, 1, 0)));
        return 0;
    case ["step-memory", string description, string size, string images, .. var type]:
        return StepMemoryCheck.Run(description, int.Parse(size, CultureInfo.InvariantCulture), int.Parse(images, CultureInfo.InvariantCulture),
            type is ["bfloat16"] ? TorchSharp.torch.ScalarType.BFloat16 : TorchSharp.torch.ScalarType.Float32);
    case ["networks", .. var names]:
        return PeerNetworks.Run(names.FirstOrDefault() is "-" ? null : names.FirstOrDefault(), [.. names.Skip(1)]);
    case ["limits", .. var kept]:
        return Limits.Run(kept.FirstOrDefault());
    case ["language", string model]:
        return LanguageLimits.Run(model);
    case ["llama-cpp", string file]:
        return LanguageLimits.LlamaCpp(file);
    case ["answer-advice", string file, .. var seeds]:
        AnswerAdviceFacts.Run(file, Size(seeds, 0, 3));
        return 0;
    case ["templates", string model, .. var rows]:
        return Templates.Run(model, rows.FirstOrDefault(), Size(rows, 1, 100));
    case ["coverage", .. var comparisons]:
        ClusterCoverage.Run(comparisons is [var simulated] ? int.Parse(simulated, CultureInfo.InvariantCulture) : 2000);
        return 0;
    case ["retrieval", string squad]:
        RetrievalCheck.Run(squad);
        return 0;
    case ["exchange", string predictions, string target, .. var every]:
        ExchangedAnswers.Write(predictions, target, Size(every, 0, 4));
        return 0;
    case ["small-world-pack", string round, string folder]:
        SmallWorldPretraining.Pack(round, folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: mlnet FOLDER   frozen features against ML.NET's own DnnFeaturizeImage with the same weights");
        Console.Error.WriteLine("       step           a fine-tuning step: mixed precision against float32, one-pass AdamW against TorchSharp's");
        Console.Error.WriteLine(
            "       text FILE      fine-tuning a sentence encoder: batches of like lengths in bfloat16 against float32 padded to 128 tokens");
        Console.Error.WriteLine("       roundtrip DATA PER-CLASS [PRECISION]   a trained network against its saved ML.NET model: scores and labels");
        Console.Error.WriteLine(
            "       torch-app NETWORK TIMES INPUT   start, latency and memory with libtorch; TransferLab.ImageApp and .TextApp print the same without");
        Console.Error.WriteLine(
            "       fuzz [MINUTES]   damaged files of weights of every format, 5 minutes by default: only refusals in one line may come out; those that fail "
                + "are kept");
        Console.Error.WriteLine("       step-memory NETWORK SIZE IMAGES [bfloat16]   what a training step on images takes, beside its estimate");
        Console.Error.WriteLine("       limits [FILE]   features and training steps against what this machine can do; FILE keeps it as JSON");
        Console.Error.WriteLine("       networks [PYTHON|- [NETWORK...]]   networks of images in float32, beside torchvision's where a Python has it");
        Console.Error.WriteLine("       language MODEL   how fast a language model reads, writes and is tuned, beside the machine's peak and llama.cpp");
        Console.Error.WriteLine(
            "       coverage [COMPARISONS]   how often intervals of answers' F1 contain the truth where questions come in clusters, 2000 simulated comparisons "
                + "by default");
        Console.Error.WriteLine("       answer-advice FILE [SEEDS]   measures small worlds by which advice on answers is checked, 3 of each kind by default");
        Console.Error.WriteLine(
            "       templates MODEL [FILE] [ROWS]   loss of the same answers behind wrong templates and system turns: FILE's last 100 rows, or eight "
                + "published");
        Console.Error.WriteLine("       retrieval FILE   how often the right paragraph of a file in SQuAD's layout is found: by words, by MiniLM, by both");
        Console.Error.WriteLine(
            "       exchange PREDICTIONS FILE [EVERY]   changes for 'compare --chat --changes': every fourth question gets another's answer of the same form");
        Console.Error.WriteLine(
            "       small-world DIR [ROUNDS] [ROWS] [RATE] [EXERCISES] [DRILLS] [EASE] [WHOLE] [BATCH] [REFUSALS] [FRAMES] [LOOKUPS] [BINDINGS] [ALIKE] "
                + "[muon]   pretrains the language model of the small world, from DIR's last round on");
        Console.Error.WriteLine(
            "       small-world-exam MODEL [QUESTIONS] [SHOWN]   what a model makes of questions of the small world that it never saw, and "
            + "so many of its wrong answers");
        Console.Error.WriteLine("       small-world-pack MODEL DIR   the model as the package carries it");
        return 2;
}

static int Size(string[] sizes, int index, int otherwise) => sizes.Length > index ? int.Parse(sizes[index], CultureInfo.InvariantCulture) : otherwise;

static double Number(string[] sizes, int index, double otherwise) => sizes.Length > index && sizes[index] != "muon"
    ? double.Parse(sizes[index], CultureInfo.InvariantCulture)
    : otherwise;
