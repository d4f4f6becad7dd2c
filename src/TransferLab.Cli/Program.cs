using TransferLab.Runtime;
using TorchSharp;
LibTorch.Load();
Console.WriteLine(Probe.Run());
return 0;
internal static class Probe { public static string Run() => torch.ones(2,3).sum().item<float>().ToString() + " threads " + torch.get_num_threads(); }
