namespace TransferLab.Data;

/// <summary>Which part of a data set a folder's name says it is.</summary>
internal enum Part
{
    /// <summary>To train on.</summary>
    Train,

    /// <summary>The test.</summary>
    Test,

    /// <summary>Validation, which serves as the test where there is none.</summary>
    Validation,

    /// <summary>What has no labels, or is left over.</summary>
    Other,
}

/// <summary>Names of the parts of a data set, such as <c>train</c>, <c>Test_Set</c> and <c>seg_train</c>: no classes.</summary>
internal static class PartNames
{
    private static readonly Dictionary<string, Part> s_words = new (Part Part, string Words)[]
    {
        (Part.Train, "train training trainset trn"),
        (Part.Test, "test testing testset tst"),
        (Part.Validation, "val valid validation valset dev eval"),
        (Part.Other, "pred unlabeled unlabelled holdout"),
    }.SelectMany(part => part.Words.Split(' ').Select(word => (word, part.Part))).ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_ambiguous = new(["valid", "dev", "eval", "pred", "unlabeled", "unlabelled", "holdout", "trn", "tst"],
        StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> s_fillers = new(["set", "data", "dataset", "image", "images", "img", "imgs", "folder", "split"],
        StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> s_pictures = new(["image", "images", "img", "imgs", "pictures", "photos", "jpegimages", "input", "inputs"],
        StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> s_companions = new(
        ["mask", "masks", "label", "labels", "annotation", "annotations", "gt", "groundtruth", "ground_truth", "segmentation", "segmentations",
            "segmentationclass", "target", "targets"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The parts among folders that lie side by side. A name with a word of its own (<c>seg_train</c>) counts only beside another part of the same word
    /// (<c>seg_test</c>), and a word that means something else too (<c>valid</c>, <c>dev</c>) only beside train or test.
    /// </summary>
    /// <param name="names">Names of the folders.</param>
    public static IReadOnlyDictionary<string, Part> Among(IEnumerable<string> names)
    {
        Dictionary<string, Part> parts = new(StringComparer.Ordinal);
        foreach (var sameWord in names.Select(Read).OfType<(string Name, string Word, Part Part, string Own)>().GroupBy(item => item.Own))
        {
            bool isSet = sameWord.Any(item => item.Part is Part.Train or Part.Test) && sameWord.Select(item => item.Part).Distinct().Count() > 1;
            foreach (var item in sameWord.Where(item => isSet || (item.Own.Length == 0 && !s_ambiguous.Contains(item.Word))))
            {
                parts.Add(item.Name, item.Part);
            }
        }

        return parts;
    }

    /// <summary>Whether the folders are pictures and what belongs to them, such as <c>images</c> and <c>masks</c>.</summary>
    public static bool ArePictureAndCompanion(IReadOnlyList<string> names) => names.Any(s_pictures.Contains) && names.Any(s_companions.Contains);

    private static (string Name, string Word, Part Part, string Own)? Read(string name)
    {
        string[] words = name.Split([' ', '_', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
        int[] found = [.. Enumerable.Range(0, words.Length).Where(i => s_words.ContainsKey(words[i]))];
        return found.Length == 1
            ? (name, words[found[0]], s_words[words[found[0]]], string.Join('_', words.Where((word, i) => i != found[0] && !s_fillers.Contains(word)))
                .ToUpperInvariant())
            : null;
    }
}
