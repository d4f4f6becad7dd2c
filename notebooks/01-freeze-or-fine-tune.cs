#!/usr/bin/env dotnet
#:project ../src/TransferLab.Lessons/TransferLab.Lessons.csproj
#:project ../src/TransferLab.Backbones.ResNet18/TransferLab.Backbones.ResNet18.csproj

// %% [markdown]
// # Lesson 1: freeze or fine-tune?
//
// Somebody hands you 400 pictures and asks for a program that tells them apart. You do not start from nothing: there are networks that
// have already learned to see, from more than a million photographs. You can use such a network in two ways.
//
// * **Freeze it.** Take it as it is, as a machine that turns a picture into 512 numbers, and train only a small last layer, the *head*, on those numbers.
// * **Fine-tune it.** Put the head on, and then let training change *every* weight of the network.
//
// In this lesson you play the whole game once: you guess which way wins, you run both on the same pictures, you look at the result, and only then at
// what happened inside. Lessons 2 to 5 take the parts apart.
//
// You need about 40 minutes. The computer works for about two of them.

// %%
using System.IO;
using TransferLab.Networks;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Lessons;
using TransferLab.Reporting;
using TransferLab.Strategies;
using TransferLab.Training;
using static TransferLab.Lessons.Lesson;

LabeledData data = LessonData.SurfaceDefects(Setting(full: 40, quick: 3), Setting(full: 40, quick: 2));
Console.WriteLine($"{data.Train.Count} pictures to train on, {data.Test.Count} to test on, {data.Classes.Count} classes");
Display(PictureGrid.OfClasses(data));

// %% [markdown]
// These are pictures of metal surfaces under a lamp that stands low: nine kinds of defect, and clean metal. (In a terminal you see the names of the
// files; open a few.) Some are easy. A scratch and a crack are not, and dirt, hair and water marks are on clean metal too.
//
// The network that we borrow has never seen such pictures. Here is its *card*: what it is, what it was trained on, where it comes from.

// %%
Backbone backbone = ResNet18.ImageNetAt(Setting(full: 96, quick: 64));
Display(backbone.Card);

// %% [markdown]
// ## Predict, then look
//
// The part of the network below the head is called the *backbone*. It learned from photographs of dogs, cars and mushrooms. Think for a minute, and write
// down your guess **before** you run anything; a guess that is wrong teaches more than no guess.
//
// 1. Which way has more of the 400 test pictures right: frozen, or fully fine-tuned?
// 2. By how many points of 100?
// 3. How many times as long does the slower way take to train?
//
// Guessing at random would get 10 of 100 right.

// %%
string myGuess = "...";   // for example: "frozen wins by 5 points; full takes 10 times as long"
Console.WriteLine($"My guess: {myGuess}");

// %% [markdown]
// Now run both. Two more go along, as *controls*:
//
// * `scratch` trains the same network in the same way, but from random weights. It shows what the borrowed knowledge is worth.
// * `classical` uses no network at all, only counts of edges and colours. If this simple way wins, you need no network.
//
// All of them see the same training pictures and are tested once on the same test pictures. This cell takes the two minutes.

// %%
ComparisonOptions options = new()
{
    Strategies = [TransferStrategy.Frozen(), TransferStrategy.Full(), TransferStrategy.Scratch(), ClassicalStrategy.Default()],
};
ComparisonResults results = Compare(data, backbone, options);

// %%
Display(results);

// %% [markdown]
// Compare with your guess. Then read the table slowly:
//
// * **accuracy, % (95 % CI)**: how many of 100 test pictures were right. The test is only 400 pictures; with another 400 the figure would be a bit
//   different, and the range in brackets says how different.
// * **train time**: from the files to the finished model.
// * **trainable params**: how many numbers training was allowed to change. Frozen: the head alone. Full: the whole network.
//
// On the machine that wrote this page, frozen has 63.3 % right, full 83.0 %, scratch 36.8 % and classical 22.8 %.
//
// ### Exercise 1.1
// By how many *points* is `full` better than `frozen`? Do not type the number: let C# compute it, so that it stays right when you change something above.

// %%
StrategyResult frozen = results.Strategies[0], full = results.Strategies[1];
double? gained = null;   // your line; an accuracy is frozen.Accuracy.Value, a share from 0 to 1
Check.That(Lesson1.PointsGained(results), gained);
// If you are stuck, add a line: Hint();  or, at the very end: Solution();

// %% [markdown]
// ### Is it luck?
//
// Suppose you toss two equal coins 400 times each. One will have more heads, and it means nothing. So a difference needs a range as well. The comparison
// computes it *paired*: both ways answered the very same pictures, so only those count where one is right and the other wrong.

// %%
PairResult pair = results.Pairs.First(p => p.First == "frozen" && p.Second == "full");
Say(pair.Sentence);

// %% [markdown]
// ### Exercise 1.2
// Who is the winner: `"frozen"`, `"full"`, or `"nobody"` because the test is too small to say? Decide by the range of the difference.

// %%
string? winner = null;   // your line; use pair.Difference.Low and pair.Difference.High
Check.That(Lesson1.Winner(pair), winner);

// %% [markdown]
// ## What happened inside
//
// ### What may move
//
// A network is a row of layer groups. Data goes in at the first and comes out at the last; the head comes after that. A *strategy* is nothing more than a list
// that says which groups may change. Here is the list for both ways.

// %%
Display(FreezePlan.Of(backbone, TransferStrategy.Frozen().Phases[^1], data.Classes.Count));
Display(FreezePlan.Of(backbone, TransferStrategy.Full().Phases[^1], data.Classes.Count));

// %% [markdown]
// Look at the two sums. Frozen changes 5,130 numbers: 512 features times 10 classes, and 10 more. Full changes almost 16 million, with 400 pictures to learn from!
// It is a small wonder that this works, and it works only because the 16 million do not start at random. That is what `scratch` shows: same network, same
// effort, no borrowed knowledge, and less than half of the accuracy of full.
//
// ### Why frozen is so fast
//
// If a group cannot change, its output for a picture cannot change either. So it is computed once and kept; after that, frozen training works on 400 rows of
// 512 numbers, and takes a second or less. Full has to send every picture through the whole network, forwards and back, again and again. One pass over
// all training pictures is called an *epoch*.

// %%
Display(LearningCurves.Of(results));

// %% [markdown]
// Each line is a run. Training accuracy (dashed) is measured on pictures that the network learns from, validation accuracy (solid) on training pictures that
// were held back. (For frozen and classical the points are not epochs but tries of one setting.) Where is the gap between the dashed and the solid line
// large, and what does such a gap mean? Lesson 3 is about that.
//
// ### Which pictures were rescued?
//
// An average hides a lot. Which test pictures did fine-tuning turn from wrong to right?
//
// ### Exercise 1.3
// Count the test pictures that `full` has right **and** `frozen` has wrong.

// %%
int? rescued = null;   // your line; results.Test[i].Label is the truth, full.Runs[0].Predicted[i] is what full says
Check.That(Lesson1.Rescued(results), rescued);

// %%
int lost = Enumerable.Range(0, results.Test.Count).Count(i => full.Runs[0].Predicted[i] != results.Test[i].Label && frozen.Runs[0].Predicted[i] == results.Test[i].Label);
Say($"{lost} pictures went the other way: frozen had them right, and full has them wrong.");
for (int label = 0; label < data.Classes.Count; label++)
{
    int[] tests = Enumerable.Range(0, results.Test.Count).Where(i => results.Test[i].Label == label).ToArray();
    int byFrozen = tests.Count(i => frozen.Runs[0].Predicted[i] == label), byFull = tests.Count(i => full.Runs[0].Predicted[i] == label);
    Console.WriteLine($"{data.Classes[label],-16} frozen {byFrozen,2} of {tests.Length}   full {byFull,2} of {tests.Length}");
}

// %% [markdown]
// Which classes gain most? Think of what they look like, and of what a network that knows dogs and cars can already tell apart.
//
// ## When the expected way loses
//
// There is a rule of thumb, in many textbooks: *with few pictures, freeze*. Sixteen million weights and 30 pictures, that can only go wrong: the network
// learns the 30 by heart and forgets what it knew. Predict again: we take away training pictures, until only **three of each class** are left. The
// test stays the same. Who wins now, and by how much?

// %%
ComparisonOptions fewer = new()
{
    Strategies = [TransferStrategy.Frozen(), TransferStrategy.Full(), ClassicalStrategy.Default()],
    TrainPerClass = Setting(full: 3, quick: 2),
    Seeds = Setting(full: 2, quick: 1),   // with so few pictures, luck is large: two draws of them
};
ComparisonResults few = Compare(data, backbone, fewer);
Display(few);

// %% [markdown]
// On the machine that wrote this page: frozen 30.8 %, full 45.9 %. The rule of thumb loses, by 15 points. Why? Two reasons are likely, and you can test both.
//
// 1. The rule was made with photographs of everyday things, which the borrowed features already tell apart. Shading on metal is far from that: a
//    frozen network has to do with features that were made for something else. (With real photographs of ants and bees the rule holds: in the README of
//    this project, frozen wins there.)
// 2. This `full` is a careful one: small steps in the early layers, a slow start, varied pictures. Lesson 3 takes the care away.
//
// And `classical`, with three pictures a class? About 10 %, which is what guessing gives.
//
// Neither way is "the better one". It depends on how many pictures you have, how far they are from photographs, and how much time you have. That is why
// one measures, and it is what `transferlab compare` does with your own folder of pictures.
//
// ## The whole report
//
// The comparison can be written as one HTML page, with confusion matrices and the worst mistakes with their pictures. Look at the worst mistakes of `full`:
// would *you* have had them right?

// %%
ReportPage report = new ReportPage(results).Save(Path.Combine(NewFolder("lesson-1"), "report.html"));
Display(report);

// %% [markdown]
// ## What to remember
//
// * Frozen: borrowed features, a small head, seconds. Fine-tuned: everything moves, minutes.
// * A difference without its range is a rumour. A comparison without a control says nothing.
// * The gain depends on the data. Measure it, on the same pictures, with the same effort.
//
// ## Go on
//
// 1. Change `Setting(full: 40, ...)` in the first cell to 20 and run everything again. Which way suffers more?
// 2. Add `TransferStrategy.LpFt()` to the strategies: first the head alone, then everything. Is it worth it?
// 3. With the command-line tool: `transferlab compare --images YOUR-FOLDER`, one sub-folder a class.
