using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Accepted, and either being driven or waiting for a host to drive it.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>Nothing can happen before a person answers or a registration is put right.</summary>
    [JsonStringEnumMemberName("paused")] Paused,

    /// <summary>Ended with what was asked for, and with the evidence that policies demanded.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>Ended at a limit, or by its own account, with something useful but not the whole.</summary>
    [JsonStringEnumMemberName("partial")] Partial,

    /// <summary>Ended with nothing to hand over.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Ended because somebody asked for it.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}
