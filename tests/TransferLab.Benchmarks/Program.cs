using System.Diagnostics;
using TorchSharp;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Runtime;
LibTorch.Load();
P.Run();
return 0;
internal static class P
{
    public static void Run()
    {
        var data = ImageFolder.Read("datasets/surface-defects").Data;
        byte[] rgb = new byte[96 * 96 * 3];
        for (int r = 0; r < 3; r++)
        {
            var sw = Stopwatch.StartNew(); foreach (var e in data.Train) ImageFile.Render(e.Source, 96, ImageView.Centre, rgb); Console.WriteLine($"centre {sw.Elapsed.TotalMilliseconds / data.Train.Count:f2} ms");
            sw.Restart(); int k = 0; foreach (var e in data.Train) ImageFile.Render(e.Source, 96, ImageViews.Draw(Augmentation.Standard, k++), rgb); Console.WriteLine($"augmented {sw.Elapsed.TotalMilliseconds / data.Train.Count:f2} ms");
            sw.Restart(); foreach (var e in data.Train) ImageFile.Render(e.Source, 96, ImageViews.Draw(Augmentation.Standard with { Rotation = 0 }, k++), rgb); Console.WriteLine($"no rotation {sw.Elapsed.TotalMilliseconds / data.Train.Count:f2} ms");
            var enc = new ImageEncoder(96);
            sw.Restart(); foreach (var b in data.Train.Chunk(32)) { using var t = enc.Encode(b, new AugmentedViews(Augmentation.Standard, Enumerable.Range(0, b.Length).ToArray()), default); }
            Console.WriteLine($"encode parallel {sw.Elapsed.TotalMilliseconds / data.Train.Count:f2} ms");
        }
    }
}
