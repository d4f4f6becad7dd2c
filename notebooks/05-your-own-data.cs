#!/usr/bin/env dotnet
#:project ../src/TransferLab.Lessons/TransferLab.Lessons.csproj
#:project ../src/TransferLab.Backbones.ResNet18/TransferLab.Backbones.ResNet18.csproj

// %% [markdown]
// # Lesson 5: your own data
//
// In the lessons so far the data was clean. Yours will not be. In this lesson you get a folder as a colleague would send it, find what is wrong with it, catch a test that
// lies by 20 points and more, and end with a model in a file that another program loads.
//
// You need about 50 minutes. The computer works for about one of them.

// %%
using System.IO;
using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Networks;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Lessons;
using TransferLab.Models;
using TransferLab.Pipelines;
using TransferLab.Reporting;
using TransferLab.Strategies;
using TransferLab.Training;
using static TransferLab.Lessons.Lesson;

string folder = Lesson5.MessyFolder(NewFolder("lesson-5"));
foreach (string path in Directory.GetDirectories(folder).Order())
{
    Console.WriteLine($"{Path.GetFileName(path),-10} {Directory.GetFiles(path).Length,3} files");
}

// %% [markdown]
// The rule for a folder is simple: **one sub-folder a class**, named like the class, with the pictures in it. (Texts: a CSV file with the columns `text` and `label`.) The
// program splits off a test by itself, a fifth of each class.
//
// ## Read it
//
// Reading looks at every file before anything is trained. That costs a second, and saves an hour.

// %%
try
{
    ImageFolder.Read(folder);
}
catch (DataException e)
{
    Say(e.Message);
}

// %% [markdown]
// A file that calls itself a picture and is none. The program does not skip it silently: a folder in which every second file is broken would look like a small clean one. You decide:
// replace it, remove it, or say that such files may be left out.

// %%
LabeledData data = ImageFolder.Read(folder, new() { SkipUnreadable = true }).Data;
Console.WriteLine($"{data.Train.Count} to train on, {data.Test.Count} to test on");
foreach (string warning in data.Warnings) Say($"- {warning}");

// %% [markdown]
// Read the warnings one by one, and decide for each what you would do.
//
// * **Repeats.** A copy of a picture teaches nothing. Copies are found by their pixels, not by their names. (The program keeps copies on one side of the split, so they do not leak.)
// * **Two labels.** The same pixels in two folders: one of the two labels is wrong. Ask the person who labelled them.
// * **Uneven classes.** With 30 pictures of one class and 3 of another, a model that never says the second is still right most of the time. Look at the accuracy of
//   each class, and at macro-F1, which counts all classes alike.
//
// ### Exercise 5.1
// How many of the training pictures could be thrown away without losing a pixel? Every example has a `Hash`; the same pixels give the same hash.

// %%
int? copies = null;   // your line; use data.Train and Hash
Check.That(Lesson5.Copies(data), copies);

// %% [markdown]
// ## When the expected way loses
//
// "Split at random" is what every course teaches, and it is what the program does when you give it no test folder. Here is a folder where that is a trap. A camera over a
// conveyor belt took **three shots of every metal plate**, a moment apart: not the same pixels, but the same plate, the same light, the same scratch.

// %%
string plates = Lesson5.Plates(NewFolder("lesson-5-plates"), Setting(full: 12, quick: 4));
LabeledData atRandom = ImageFolder.Read(plates).Data with { Name = "split at random" };
Example[] all = [.. atRandom.Train, .. atRandom.Test];
Display(new PictureGrid(all.Where(e => e.Label == 9).OrderBy(e => e.Name).Take(6).Select(e => (Path.GetFileName(e.Name), e.Source)).ToArray()));

// %% [markdown]
// Predict. You train on 4/5 of the pictures and test on the rest, drawn at random. What accuracy will you see, and what accuracy will you get next week, on plates that are new?
//
// ### Exercise 5.2
// Write a split that is honest: a function that says which pictures belong to the test, such that **all shots of a plate are on the same side**, and about a quarter of the
// plates is in the test. The files are named `plate-017-b.jpg`; `Lesson5.PlateOf(example)` gives 17.

// %%
Func<Example, bool>? isTest = null;   // isTest = example => ...
Check.That(Lesson5.ByPlate(all), isTest);

// %%
Func<Example, bool> split = example => Lesson5.PlateOf(example) % 4 == 0;   // the lesson's own, so that you can read on
LabeledData byPlate = atRandom with { Name = "split by plate", Train = all.Where(e => !split(e)).ToArray(), Test = all.Where(split).ToArray(), Hash = "" };

Backbone backbone = ResNet18.ImageNetAt(Setting(full: 96, quick: 64));
ComparisonOptions options = new() { Strategies = [TransferStrategy.Frozen()] };
ComparisonResults flattering = Compare(atRandom, backbone, options), honest = Compare(byPlate, backbone, options);
foreach (ComparisonResults results in new[] { flattering, honest })
{
    Say($"{results.Data.Name,-16} {Figures.PercentWithInterval(results.Strategies[0].Accuracy)} % on {results.Data.TestExamples} pictures");
}

// %% [markdown]
// On the machine that wrote this page: 95.7 % with the random split, 44.4 % with the honest one. The first figure promises a product, the second is what you would get next week. Half of the accuracy was
// never there.
//
// Nothing was wrong with the training. The *test* was wrong: for almost every one of its pictures the model had seen the very same plate, in another shot. No program can find this for you, because the pixels
// differ; you have to know how the pictures came about. Ask: *what belongs together?* Shots of one plate, frames of one film, X-rays of one patient, messages of one customer. What belongs together goes to one
// side. (To tell the program: make folders `train` and `test` yourself.)
//
// ## May you use it?
//
// A trained model carries its parents with it: the pictures it learned from, and the backbone.

// %%
foreach (CatalogEntry entry in Catalog.All.Take(4))
{
    Say($"{entry.Name,-16} {entry.Licence}");
}

Say($"{backbone.Card.Name,-16} {backbone.Card.Licence} (trained on {backbone.Card.TrainedOn})");

// %% [markdown]
// Before you publish or sell a model: may these pictures be used for that? Are there people, names or addresses on them? What does the licence of the backbone ask for? Write it down
// while you still know; the report of a comparison has a place for it.
//
// ## A model in a file
//
// Train the model that you want on the honest split, and write it to a file.

// %%
string network = Path.Combine(folder, "model.safetensors");
using (FitResult fitted = new Learner(backbone, ComputeDevice.Choose(), new FeatureCache()).Fit(TransferStrategy.Frozen(), byPlate.Train, byPlate.Classes, seed: 1))
{
    fitted.Model.Save(network);
}

using (TrainedModel loaded = ModelFile.Load(network))
{
    Predictions predictions = loaded.Predict(byPlate.Test.Take(5).ToArray());
    for (int i = 0; i < 5; i++)
    {
        Say($"{byPlate.Test[i].Name,-36} {loaded.Classes[predictions.Labels[i]],-16} {100 * predictions.Scores[i]:0} %");
    }
}

// %% [markdown]
// That file holds weights, classes and preprocessing, and nothing that can be executed. The command-line tool reads it, too: `transferlab predict --model model.safetensors new-pictures/`.
//
// ## A model that another program loads
//
// Many .NET programs use **ML.NET**, and know nothing of this library. A model for them is a `.zip` that ML.NET itself loads. Here the same strategy is a trainer in an
// ML.NET pipeline, like any other. It reads the pictures of the honest split from a folder, so we first make the folders `train` and `test`, as you would.

// %%
string sides = NewFolder("lesson-5-sides");
foreach ((string side, IReadOnlyList<Example> examples) in new[] { ("train", byPlate.Train), ("test", byPlate.Test) })
{
    foreach (Example example in examples)
    {
        string target = Directory.CreateDirectory(Path.Combine(sides, side, byPlate.Classes[example.Label])).FullName;
        File.Copy(example.Source, Path.Combine(target, Path.GetFileName(example.Source)));
    }
}

MLContext ml = new(seed: 1);
IDataView rows = ml.Data.LoadImageFolder(Path.Combine(sides, "train"));
ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.MulticlassClassification.Trainers.ImageTransfer(new() { Backbone = backbone, Strategy = TransferStrategy.Frozen() }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(rows);
string zip = Path.Combine(folder, "plates.zip");
ml.Model.Save(model, rows.Schema, zip);
Console.WriteLine($"{Path.GetFileName(zip)}: {Figures.Bytes(new FileInfo(zip).Length)}");

// %% [markdown]
// And this is the other program, the whole of it. It references packages of ML.NET and no other: neither this library nor a tensor library. It gets the model and some pictures, and prints
// what it thinks of them. (The package SkiaSharp.NativeAssets.Linux.NoDependencies is for Linux, and does nothing elsewhere.)

// %%
string program = Path.Combine(NewFolder("lesson-5-program"), "Program.cs");
File.WriteAllText(program, """
    #:package Microsoft.ML@5.0.1
    #:package Microsoft.ML.ImageAnalytics@5.0.1
    #:package Microsoft.ML.OnnxTransformer@5.0.1
    #:package Microsoft.ML.OnnxRuntime@1.31.1
    #:package SkiaSharp.NativeAssets.Linux.NoDependencies@2.88.9
    #:property PublishAot=false
    using Microsoft.ML;
    using Microsoft.ML.Data;

    MLContext ml = new();
    ITransformer model = ml.Model.Load(args[0], out _);
    string list = Path.GetTempFileName();
    File.WriteAllLines(list, args[1..].Select(path => $"{path}\t"));
    IDataView pictures = ml.Data.LoadFromTextFile(list, [new("ImagePath", DataKind.String, 0), new("Label", DataKind.String, 1)], separatorChar: '\t');
    foreach (string label in model.Transform(pictures).GetColumn<string>("PredictedLabel")) Console.WriteLine(label);
    """);
if (!IsQuick)
{
    string[] answers = Lesson5.RunProgram(program, byPlate.Test.Select(example => example.Source).Prepend(zip)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    string[] truth = byPlate.Test.Select(example => byPlate.Classes[example.Label]).ToArray();
    for (int i = 0; i < truth.Length; i += 9)
    {
        Say($"{truth[i]}/{Path.GetFileName(byPlate.Test[i].Source)}: the program says {answers[i]}");
    }

    Console.WriteLine($"{answers.Zip(truth).Count(pair => pair.First == pair.Second)} of {truth.Length} right");
}

// %% [markdown]
// The same network, the same pictures, another program: compare its count with the honest figure above.
//
// ## What to remember
//
// * Let the program look at every file before it trains, and read what it says.
// * A random split lies where examples belong together. Split by what belongs together.
// * Look at each class, not only at the mean.
// * Write down where data and backbone come from, and what their licences allow.
//
// ## Go on
//
// 1. Take your own folder of pictures, ten of each class are enough for a start: `ImageFolder.Read("my-folder")`.
// 2. What belongs together in it? Make folders `train` and `test` accordingly, and compare with the random split.
// 3. Run `transferlab compare --images my-folder --strategies frozen,full,scratch,classical` and read the report with the eyes of lessons 1 to 4.
