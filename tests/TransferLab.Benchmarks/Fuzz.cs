using System.Diagnostics;
using TransferLab.Tests.Networks.Weights;

namespace TransferLab.Benchmarks;

/// <summary>Reads damaged files of weights until the time is over. Each run begins with another seed, which it prints.</summary>
internal static class Fuzz
{
    public static int Run(double minutes)
    {
        string folder = Directory.CreateTempSubdirectory("transferlab-fuzz-").FullName;
        int seed = Environment.TickCount;
        WeightFuzzer fuzzer = new(folder, seed);
        Stopwatch clock = Stopwatch.StartNew();
        int failures = 0;
        while (clock.Elapsed.TotalMinutes < minutes && failures < 20)
        {
            if (fuzzer.Step() is { } failure)
            {
                failures++;
                Console.WriteLine(failure);
            }
        }

        foreach (var (format, (accepted, refused)) in fuzzer.Counts)
        {
            Console.WriteLine($"{format,-16}{accepted,10:N0} taken {refused,10:N0} refused");
        }

        Console.WriteLine($"{failures} failures in {clock.Elapsed.TotalMinutes:F1} minutes, seed {seed}{(failures > 0 ? $"; the files are in {folder}" : "")}");
        if (failures == 0)
        {
            Directory.Delete(folder, recursive: true);
        }

        return failures == 0 ? 0 : 1;
    }
}
