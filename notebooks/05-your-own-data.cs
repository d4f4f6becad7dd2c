#!/usr/bin/env dotnet
#:project ../src/TransferLab.Lessons/TransferLab.Lessons.csproj
#:project ../src/TransferLab.Backbones.ResNet18/TransferLab.Backbones.ResNet18.csproj
#:project ../src/TransferLab.Backbones.MiniLM/TransferLab.Backbones.MiniLM.csproj

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
using TransferLab.Backbones;
using TransferLab.Backbones.MiniLM;
using TransferLab.Backbones.ResNet18;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Lessons;
using TransferLab.Models;
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
    Console.WriteLine(e.Message);
}

// %% [markdown]
// A file that calls itself a picture and is none. The program does not skip it silently: a folder in which every second file is broken would look like a small clean one. You decide:
// replace it, remove it, or say that such files may be left out.

// %%
LabeledData data = ImageFolder.Read(folder, new() { SkipUnreadable = true }).Data;
Console.WriteLine($"{data.Train.Count} to train on, {data.Test.Count} to test on");
foreach (string warning in data.Warnings) Console.WriteLine($"- {warning}");

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
Console.WriteLine();
foreach (ComparisonResults results in new[] { flattering, honest })
{
    Console.WriteLine($"{results.Data.Name,-16} {Figures.PercentWithInterval(results.Strategies[0].Accuracy)} % on {results.Data.TestExamples} pictures");
}

// %% [markdown]
// On the machine that wrote this page: 95.7 % with the random split, 44.4 % with the honest one. The first figure promises a product, the second is what you would get next week. Half of the accuracy was
// never there.
//
// Nothing was wrong with the training. The *test* was wrong: for two thirds of its pictures the model had seen the very same plate. No program can find this for you, because the pixels
// differ; you have to know how the pictures came about. Ask: *what belongs together?* Shots of one plate, frames of one film, X-rays of one patient, messages of one customer. What belongs together goes to one
// side. (To tell the program: make folders `train` and `test` yourself.)
//
// ## May you use it?
//
// A trained model carries its parents with it: the pictures it learned from, and the backbone.

// %%
foreach (CatalogueEntry entry in Catalogue.All.Take(4))
{
    Console.WriteLine($"{entry.Name,-16} {entry.Licence}");
}

Console.WriteLine($"{backbone.Card.Name,-16} {backbone.Card.Licence} (trained on {backbone.Card.TrainedOn})");

// %% [markdown]
// Before you publish or sell a model: may these pictures be used for that? Are there people, names or addresses on them? What does the licence of the backbone ask for? Write it down
// while you still know; the report of a comparison has a place for it.
//
// ## A model in a file
//
// Train the model that you want on the honest split, and write it to a file.

// %%
string network = Path.Combine(folder, "model.safetensors");
using (Fitted fitted = new Learner(backbone, ComputeDevice.Choose(), new FeatureCache()).Fit(TransferStrategy.Frozen(), byPlate.Train, byPlate.Classes, seed: 1))
{
    fitted.Model.Save(network);
}

using (TrainedModel loaded = ModelFile.Load(network))
{
    Predictions predictions = loaded.Predict(byPlate.Test.Take(5).ToArray());
    for (int i = 0; i < 5; i++)
    {
        Console.WriteLine($"{byPlate.Test[i].Name,-36} {loaded.Classes[predictions.Labels[i]],-16} {100 * predictions.Scores[i]:0} %");
    }
}

// %% [markdown]
// That file holds weights, classes and preprocessing, and nothing that can be executed. The command-line tool reads it, too: `transferlab predict --model model.safetensors new-pictures/`.
//
// ## A model that another program loads
//
// Many .NET programs use **ML.NET**, and know nothing of this library. A model for them is a `.zip` that ML.NET itself loads. Here is one for the messages of lesson 4: n-grams,
// without a network. (The backbone says that texts are read; `classical` does not use its weights.)

// %%
LabeledData tickets = LessonData.SupportTickets();
string zip = Path.Combine(folder, "tickets.zip");
using (Fitted fitted = new Learner(MiniLM.English(), ComputeDevice.Choose(), new FeatureCache()).Fit(ClassicalStrategy.Default(), tickets.Train, tickets.Classes, seed: 1))
{
    fitted.Model.Save(zip);
}

Console.WriteLine($"{Path.GetFileName(zip)}: {Figures.Bytes(new FileInfo(zip).Length)}");

// %% [markdown]
// And this is all that the other program needs. It references the package Microsoft.ML and no other; the two first lines are the whole loading.

// %%
MLContext ml = new();
ITransformer model = ml.Model.Load(zip, out DataViewSchema schema);
string[] questions = ["Where is my parcel? It should have been here on Monday.", "The invoice has the wrong name on it."];
IDataView input = ml.Data.CreateTextLoader([new("Text", DataKind.String, 0), new("Label", DataKind.String, 1)], separatorChar: '\t').Load(new MultiFileSource(WriteQuestions()));
IDataView output = model.Transform(input);
VBuffer<ReadOnlyMemory<char>> names = default;
output.Schema["Score"].GetSlotNames(ref names);
string[] labels = names.DenseValues().Select(name => name.ToString()).ToArray();
int question = 0;
foreach (float[] score in output.GetColumn<float[]>("Score"))
{
    Console.WriteLine($"{questions[question++]}\n  -> {labels[Array.IndexOf(score, score.Max())]}");
}

string WriteQuestions()
{
    string path = Path.Combine(folder, "questions.tsv");
    File.WriteAllLines(path, questions.Select(text => $"{text}\t"));
    return path;
}

// %% [markdown]
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
