using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Names all that decides a run of a way: two runs of the same fingerprint find the same.</summary>
internal sealed class AnswerFingerprint
{
    private readonly string _shared, _context;

    public AnswerFingerprint(QuestionSet data, string model, AnswerOptions options, ComputeDevice answering, ComputeDevice tuning)
    {
        _shared = Hash(JsonSerializer.Serialize(new
        {
            Version = typeof(AnswerFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            data.Hash,
            Model = model,
            Tuning = options.Tuning.ToString(),
            Answers = $"{answering.Device} {answering.Precision}",
            Tuned = $"{tuning.Device} {tuning.Precision}",
            options.AnswerTokens,
        }));
        _context = Hash(JsonSerializer.Serialize(new
        {
            options.Shots,
            options.Passages,
            options.Prompt,
            options.Retriever?.Name,
            Documents = Hash(string.Join('\u0001', options.Documents.Select(passage => $"{passage.Id}\u0002{passage.Source}\u0002{passage.Text}"))),
        }));
    }

    /// <summary>Of tuning.</summary>
    public string OfTuning(TransferStrategy strategy, int seed) =>
        Hash($"{_shared}/{(strategy.Name is AnswerWay.Raft or AnswerWay.DomainAdaptive ? _context : "")}/{strategy.Name}/"
            + $"{StrategyFile.Describe(strategy)}/{seed}");

    /// <summary>Of a way.</summary>
    public string Of(AnswerWay way, int seed) =>
        Hash($"{(way.Adaptation is { } strategy ? OfTuning(strategy, seed) : _shared)}/{way.Name}/{way.Context}/"
            + $"{(way.Context == WayContext.None && way.Adaptation is null ? "" : _context)}");

    /// <summary>Names the weights of a model of this machine.</summary>
    public static string WeightsOf(LanguageModelFiles model)
    {
        if (model.Card.Sha256.Length > 0)
        {
            return model.Card.Sha256;
        }

        // Of a folder of several files their sizes and times stand for what is in them.
        string[] files = Directory.Exists(model.Path) ? [.. Directory.GetFiles(model.Path).Order(StringComparer.Ordinal)] : [model.Path];
        return string.Join(' ', files.Select(file => $"{Path.GetFileName(file)} {new FileInfo(file).Length} {new FileInfo(file).LastWriteTimeUtc.Ticks}"));
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
}
