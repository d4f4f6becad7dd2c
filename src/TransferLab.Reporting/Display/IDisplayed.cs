namespace TransferLab.Reporting.Display;

/// <summary>A value of this library that shows itself.</summary>
internal interface IDisplayed
{
    /// <summary>A fragment of HTML.</summary>
    string Html();

    /// <summary>Lines for a terminal.</summary>
    string Text();
}
