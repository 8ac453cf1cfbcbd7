namespace Orchestrator;

/// <summary>Where ids and chance come from, so that a whole run can be reproduced from one seed. Register your own to replace the system's.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IRandomSource
{
    /// <summary>A new id.</summary>
    Guid NewId();

    /// <summary>A number from zero up to, but not including, one.</summary>
    double NextUnit();
}
