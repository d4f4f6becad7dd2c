using System.Globalization;

namespace TransferLab.Backbones;

/// <summary>
/// How hard the questions and conversations of a <see cref="SmallWorldGenerator"/> are. The defaults are the world as the model that comes with the package is
/// examined on; a course that goes there from easier rows is how it learned to read (Bengio et al. 2009, "Curriculum Learning").
/// </summary>
public sealed record SmallWorldCourse
{
    /// <summary>Share of conversations that exercise copying, from 0 to 1; reading begins with these.</summary>
    public double Exercises { get; init => field = Share(value, nameof(Exercises)); } = 0.1;

    /// <summary>
    /// Share of conversations about passages that speak of one thing alone and answer every question, from 0 to 1: which value suits a question is learned
    /// there, which thing is meant from the others.
    /// </summary>
    public double Ease { get; init => field = Share(value, nameof(Ease)); }

    /// <summary>
    /// Share of conversations about lists, and about sentences whose values are of any kind ("the river of Colwick is half past ten"), from 0 to 1: where a
    /// likely value is never the right one, nothing but looking it up helps.
    /// </summary>
    public double Lookups { get; init => field = Share(value, nameof(Lookups)); }

    /// <summary>
    /// Share of conversations about things of which the same is said, each with a value of its own, from 0 to 1: a likely value of the right kind is one of
    /// several there, and nothing but the name tells which.
    /// </summary>
    public double Alike { get; init => field = Share(value, nameof(Alike)); }

    /// <summary>Share of questions that the passages do not answer, from 0 to 1.</summary>
    public double Refusals { get; init => field = Share(value, nameof(Refusals)); } = 0.2;

    /// <summary>Share of sentences and of questions in the few frames that suit every property, from 0 to 1: "The river of Colwick is the Dine."</summary>
    public double Frames { get; init => field = Share(value, nameof(Frames)); } = 0.2;

    private static double Share(double value, string name) => value is >= 0 and <= 1 ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is a share from 0 to 1, not {value.ToString(CultureInfo.InvariantCulture)}.");
}
