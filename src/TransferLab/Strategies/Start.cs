namespace TransferLab.Strategies;

/// <summary>Where a backbone's weights start.</summary>
public enum Start
{
    /// <summary>From pretraining.</summary>
    Pretrained,

    /// <summary>At random: the control, the same network without pretraining.</summary>
    Random,
}
