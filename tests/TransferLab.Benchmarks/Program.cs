using System.Diagnostics;
using TorchSharp;
using TransferLab.Backbones;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
LibTorch.Load();
P.Run();
return 0;
internal static class P {
 public static void Run() {
  foreach (int n in new[]{16,32}) {
   using var net = new TransferNetwork(ResNetArchitecture.Build([2,2,2,3]), 10, 1);
   var phase = TransferStrategy.Full().Phases[0];
   var plan = FreezePlan.Apply(net, phase);
   using var opt = new OptimizerGroups(net, plan, phase);
   double f=0,b=0,o=0,z=0,t=0; int steps=40;
   for (int i=0;i<steps+2;i++) {
     if (i==2) f=b=o=z=t=0;
     using var scope = torch.NewDisposeScope();
     var x = torch.rand(n,96,96,3).to(torch.bfloat16).permute(0,3,1,2);
     var y = torch.zeros(n, torch.int64);
     long s=Stopwatch.GetTimestamp();
     opt.ZeroGradients(); z+=Lap(ref s);
     var l = torch.nn.functional.cross_entropy(net.Logits(x,0), y); f+=Lap(ref s);
     l.backward(); b+=Lap(ref s);
     opt.Step(0.01); o+=Lap(ref s);
     if (i%10==0) {NativeMemory.Trim(); t+=Lap(ref s);}
   }
   Console.WriteLine($"n={n} zero {1000*z/steps:f0} fwd {1000*f/steps:f0} bwd {1000*b/steps:f0} opt {1000*o/steps:f0} trim {1000*t/steps:f0} ms/step rss {Environment.WorkingSet>>20} MB -> {n*steps/(z+f+b+o+t):f0} img/s");
  }
 }
 private static double Lap(ref long s){ long e=Stopwatch.GetTimestamp(); double d=(e-s)/(double)Stopwatch.Frequency; s=e; return d; }
}
