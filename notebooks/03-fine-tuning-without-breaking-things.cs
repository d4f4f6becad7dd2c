#!/usr/bin/env dotnet
#:project ../src/TransferLab.Lessons/TransferLab.Lessons.csproj
#:project ../src/TransferLab.Backbones.ResNet18/TransferLab.Backbones.ResNet18.csproj

// %% [markdown]
// # Lesson 3: fine-tuning without breaking things
//
// A pretrained network is like a piano that somebody has tuned with great care. Fine-tuning turns every peg once more. Turn too little and nothing changes; turn too
// hard and the piano is ruined. In this lesson you turn too hard, on purpose, and see what protects the network: the learning rate, the treatment
// of *BatchNorm*, stopping in time, and moving only a part.
//
// You need about 60 minutes. The computer works for about four of them. Pictures are 64 pixels wide here, to save time; figures are lower than in lesson 1.

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

LabeledData data = LessonData.SurfaceDefects(Setting(full: 30, quick: 30), Setting(full: 40, quick: 2));
if (IsQuick) data = data with { Train = data.Train.Where((_, i) => i % 8 == 0).ToArray() };
Backbone backbone = ResNet18.ImageNetAt(64);
Console.WriteLine($"{data.Train.Count} pictures to train on, {data.Test.Count} to test on");

// %% [markdown]
// ## How hard to turn
//
// Training goes in small steps. After each batch of pictures every weight moves a little in the direction that makes the loss smaller. The **learning rate** says how
// much. A strategy is a value, so we can write down several that differ in nothing else:

// %%
Phase careful = TransferStrategy.Full().Phases[0];
TransferStrategy Full(string name, Phase phase) => TransferStrategy.Full() with { Name = name, Phases = [phase] };

Strategy[] rates = new[] { 1e-5, 1e-4, 1e-3, 1e-2 }
    .Select(rate => Full(FormattableString.Invariant($"rate {rate:0.#####}"), careful with { LearningRate = rate, HeadLearningRate = Math.Max(rate, 1e-3) }))
    .Skip(Setting(full: 0, quick: 2)).ToArray();

// %% [markdown]
// (The rate is that of the last layer group. Earlier groups move more slowly, the first one a hundred times; the head starts from nothing and may always move
// at 0.001.) The common advice for fine-tuning is: *take a small rate, 0.0001 or less, or you destroy what the network knows*. Predict the order of the four.

// %%
ComparisonResults results = Compare(data, backbone, new() { Strategies = rates });
Display(LearningCurves.Of(results));

// %%
Display(results);

// %% [markdown]
// ## When the expected way loses
//
// Is the smallest rate the safest? It breaks nothing, because it does nothing: in the few hundred steps that so few pictures allow, the network hardly moves, and only the head learns. In trials of this project with pictures
// of hand signs, 20 of each class, the advice "0.0001 or less" gave 84 %, and 0.001 gave 96 %. On the machine that wrote this page the advice has 58.8 % and 63.8 % here, and 0.001 has 74.8 %. Somewhere above that the other side begins,
// where a network forgets what it knew: 56.0 % at 0.01. Look at your four curves: which rate is too timid, and which is too wild?
//
// ### Exercise 3.1
// Which rate would you *choose*? You may not look at the test: it is there to be asked once, at the very end. Some training pictures were held back for this, the
// *validation* examples. `Lesson3.Validation(strategy)` is the accuracy on them.

// %%
string? bestRate = null;   // your line: the name of a strategy, such as "rate 0.001"
Check.That(Lesson3.BestRate(results), bestRate);

// %% [markdown]
// ## The layer with a memory
//
// Between the convolutions there are layers called *BatchNorm*. They bring their inputs to mean 0 and deviation 1, and there are two ways to do it:
//
// * **by batch**: mean and deviation are measured on the batch that is just being trained on. So does every program that calls `model.train()`, and so do most tutorials;
// * **fixed**: mean and deviation stay what they were in pretraining, measured on a million pictures.
//
// A batch here is 32 pictures. Predict: does it matter, and which is better?

// %%
ComparisonResults norms = Compare(data, backbone, new()
{
    Strategies =
    [
        Full("fixed", careful),
        Full("by batch", careful with { Normalization = Normalization.Batch }),
    ],
});
Display(norms);

// %% [markdown]
// On the machine that wrote this page: 61.0 % by batch and 74.8 % fixed, with all else equal; in trials with small photographs (`cifar10`, 20 of each class) 45 % and 61 %. The mean of 32 pictures is a shaky figure, and it changes
// with every batch; what the later layers receive trembles. So the line that most tutorials begin with, `model.train()`, costs as much here as the timid learning rate does.
//
// ## Learning by heart
//
// A network with 16 million weights can learn 300 pictures by heart. *Augmentation* makes that harder: in every epoch each picture is mirrored, moved and
// zoomed a little, so that it never comes back quite the same. Let us take it away.
//
// And in a second run we take away *all* care: no slow start of the learning rate, and the early groups move as fast as the late ones. The rate itself stays at the 0.001
// that has just won. Predict both.

// %%
Phase byHeart = careful with { Augment = false, LabelSmoothing = 0 };
ComparisonResults careless = Compare(data, backbone, new()
{
    Strategies = [Full("by heart", byHeart), Full("no care", byHeart with { WarmUp = 0, FirstGroupRate = 1 })],
});
Display(LearningCurves.Of(careless));
Display(careless);

// %% [markdown]
// Look at the dashed line, the accuracy on the training pictures, and at the solid one. Where the dashed line is at the top and the solid one is not, the network knows its
// pictures by heart. How far apart are the two ends? On the machine that wrote this page `by heart` has 70.0 % on the test, against 74.8 % with augmentation, and its log loss is 1.34 against 0.78: it is not only wrong more often, it is
// *sure* where it is wrong.
//
// And the run without any care did not even learn by heart: on the machine that wrote this page it ends at 10.0 %, which is guessing. The first steps, at full speed, moved the early groups so far that nothing behind
// them fits any more, and it never came back. A learning rate is neither good nor bad alone: 0.001 won above *because* it began slowly and left the early groups almost in peace.
//
// ## Stopping in time
//
// **Early stopping** watches the validation accuracy. When it has not improved for some epochs, the *patience*, training stops, and the weights of the best
// epoch come back. It saves time, and it saves the network from what comes after.
//
// ### Exercise 3.2
// Write it: from a list of validation accuracies, one an epoch, and a patience, find after which epoch (counted from 1) training stops.

// %%
Func<IReadOnlyList<double>, int, int>? stopAfter = null;   // stopAfter = (accuracies, patience) => ...
Check.That(Lesson3.StopAfter(), stopAfter);

// %%
foreach (StrategyResult strategy in norms.Strategies.Concat(careless.Strategies))
{
    double[] validation = strategy.Runs[0].Curve.Select(point => point.ValidationAccuracy ?? 0).ToArray();
    Say($"{strategy.Name}: best epoch {Array.IndexOf(validation, validation.Max()) + 1} of {validation.Length}; with a patience of 3 training stops after {Lesson3.StopsAfter(validation, 3)}");
}

// %% [markdown]
// (The library stops early by itself where there are 1,000 training pictures or more. With fewer, the validation part is too small to decide: 45 pictures have a range of
// about ±14 points. It keeps to a fixed schedule then.)
//
// ## Between frozen and full
//
// You need not choose between nothing and everything. What lies between:
//
// | name | what moves |
// | --- | --- |
// | `last-2` | the last two of ten layer groups, and the head |
// | `bitfit` | of every layer only the biases: about a thousandth of the weights |
// | `lp-ft` | first the head alone, then everything, so that the random head does no harm |
//
// Predict: is it true that the more weights may move, the better?

// %%
ComparisonResults results2 = Compare(data, backbone, new()
{
    Strategies = [TransferStrategy.Frozen(), TransferStrategy.BitFit(), TransferStrategy.LastK(2), TransferStrategy.LpFt(), TransferStrategy.Full()],
});
Display(results2);

// %%
Display(FreezePlan.Of(backbone, TransferStrategy.BitFit().Phases[0], data.Classes.Count));

// %% [markdown]
// ### Exercise 3.3
// Which strategy moves the fewest weights and is still not beaten by any other, by more than luck? (Are two strategies equal? With 400 test pictures, differences below
// about 4 points cannot be seen.)

// %%
string? leanest = null;   // your line; use results2.Strategies and Lesson3.IsBeaten(strategy, results2)
Check.That(Lesson3.Leanest(results2), leanest);

// %% [markdown]
// On the machine that wrote this page: `bitfit`, which moves 10,954 weights, has 62.8 %, and `last-2`, which moves 9.4 million, 59.8 %; a difference between these two cannot be shown. So the number of moving weights is not what
// counts. What may move, and whether the early groups may, counts more. What is the price of the last points? Compare the column of trainable parameters with the accuracy, and with the time.
//
// ## What to remember
//
// * The learning rate decides more than any other setting. Try several, and choose on validation examples.
// * With few pictures, leave BatchNorm's statistics alone, or at least try it.
// * A training accuracy says nothing. Watch the solid line.
// * There is much between frozen and full.
//
// ## Go on
//
// 1. Put `FirstGroupRate = 1` into the first experiment: all groups move alike. Which rates break now?
// 2. Give BatchNorm by batch more pictures: 100 of each class. Does it catch up?
