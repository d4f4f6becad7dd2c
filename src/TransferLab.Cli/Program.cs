using Onnx;
foreach (var f in new[]{"DnnImageModels/ResNet18Onnx/ResNet18.onnx","DnnImageModels/ResNetPrepOnnx/ResNetPreprocess.onnx"}) {
 var m = ModelProto.Parser.ParseFromFile(System.IO.Path.Combine(AppContext.BaseDirectory,f));
 Console.WriteLine(f+" inputs "+string.Join(",",m.Graph.Input.Select(i=>i.Name+":"+string.Join("x",i.Type.TensorType.Shape.Dim.Select(d=>d.DimValue))).Take(3))+" outputs "+string.Join(",",m.Graph.Output.Select(i=>i.Name+":"+string.Join("x",i.Type.TensorType.Shape.Dim.Select(d=>d.DimValue)))));
 foreach (var n in m.Graph.Node.Take(20)) Console.WriteLine($"  {n.OpType} [{string.Join(",",n.Input)}] -> {string.Join(",",n.Output)} {string.Join(";",n.Attribute.Select(a=>a.Name+"="+string.Join("/",a.Ints)+a.I+"/"+a.F))}");
 foreach (var n in m.Graph.Node.Skip(Math.Max(20,m.Graph.Node.Count-4))) Console.WriteLine($"  {n.OpType} [{string.Join(",",n.Input)}] -> {string.Join(",",n.Output)}");
 foreach (var t in m.Graph.Initializer.Take(8)) Console.WriteLine($"   init {t.Name} {string.Join("x",t.Dims)} raw {t.RawData.Length} floats {t.FloatData.Count} type {t.DataType}");
}
