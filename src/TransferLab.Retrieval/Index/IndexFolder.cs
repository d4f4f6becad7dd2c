using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Microsoft.Extensions.AI;
using TransferLab.Data;
using Directory = System.IO.Directory;

namespace TransferLab.Retrieval;

/// <summary>An index on disk: a Lucene index whose documents hold the passages and their vectors, so that one commit switches all of it.</summary>
internal static class IndexFolder
{
    /// <summary>How an index is written, in memory and on disk.</summary>
    public static IndexWriterConfig Configuration(bool isEnglish) => new(PassageAnalyzer.Version, new PassageAnalyzer(isEnglish))
    {
        OpenMode = OpenMode.CREATE,
        Similarity = Similarity(),
        MergeScheduler = new SerialMergeScheduler(), // No thread of its own; and what merges is the same each time.
    };

    /// <summary>BM25 as it is usually set.</summary>
    public static Similarity Similarity() => new BM25Similarity(k1: 1.2f, b: 0.75f);

    public static void Write(string folder, IndexSettings settings, IReadOnlyCollection<StoredPassage> passages)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(entry => !IsOurs(Path.GetFileName(entry))) is { } other)
        {
            throw new DataException($"{folder} holds {Path.GetFileName(other)}, which is of no index; name a folder of its own.");
        }

        try
        {
            using FSDirectory directory = FSDirectory.Open(folder);
            using IndexWriter writer = new(directory, Configuration(settings.IsEnglish));
            try
            {
                foreach (StoredPassage passage in passages)
                {
                    writer.AddDocument(passage.ToDocument());
                }

                writer.SetCommitData(settings.ToData());
                writer.ForceMerge(1);
                writer.Commit();
            }
            catch
            {
                writer.Rollback(); // What was there before is still there.
                throw;
            }
        }
        catch (LockObtainFailedException e)
        {
            throw new DataException($"{folder} is being written to by another program; try again when it is done.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{folder} cannot be written to: {e.Message}", e);
        }
    }

    public static (IndexSettings Settings, IReadOnlyList<StoredPassage> Passages) Read(string folder, IEmbeddingGenerator<string, Embedding<float>>? embeddings)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataException($"{folder} does not exist; name the folder of an index.");
        }

        try
        {
            using FSDirectory directory = FSDirectory.Open(folder);
            using DirectoryReader reader = DirectoryReader.Open(directory);
            IndexSettings settings = IndexSettings.From(reader.IndexCommit.UserData)
                ?? throw new DataException($"{folder} is an index of another program, or of another version; make it anew.");
            CheckEmbeddings(folder, settings, embeddings);
            List<StoredPassage> passages = [];
            foreach (AtomicReaderContext leaf in reader.Leaves)
            {
                leaf.AtomicReader.CheckIntegrity();
                IBits? live = leaf.AtomicReader.LiveDocs;
                for (int i = 0; i < leaf.AtomicReader.MaxDoc; i++)
                {
                    if (live is null || live.Get(i))
                    {
                        Document document = leaf.AtomicReader.Document(i);
                        passages.Add(StoredPassage.From(document, settings.Width)
                            ?? throw new DataException($"{folder}: passage {passages.Count + 1} is not whole; make the index anew."));
                    }
                }
            }

            return (settings, passages);
        }
        catch (IndexNotFoundException e)
        {
            throw new DataException($"{folder} holds no index; name a folder that one was saved to.", e);
        }
        catch (Exception e) when (e is not (DataException or OutOfMemoryException))
        {
            throw new DataException($"{folder}: the index is damaged or cannot be read ({e.Message.ReplaceLineEndings(" ")}); make it anew.", e);
        }
    }

    private static void CheckEmbeddings(string folder, IndexSettings settings, IEmbeddingGenerator<string, Embedding<float>>? embeddings)
    {
        if (embeddings is null || (settings.Embeddings is { } made && IndexSettings.NameOf(embeddings) == made))
        {
            return;
        }

        throw new DataException(settings.Embeddings is { } used
            ? $"{folder} was made with the embeddings {used}, not {IndexSettings.NameOf(embeddings)}; open it with those, or make it anew."
            : $"{folder} was made without embeddings; open it without, or make it anew.");
    }

    // _0.cfs, segments_1, segments.gen, write.lock.
    private static bool IsOurs(string name) => name.StartsWith('_') || name.StartsWith("segments", StringComparison.Ordinal) || name == "write.lock";
}
