using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What a worker says of its own work (<c>status</c> on the wire). A claim, never evidence.</summary>
public enum WorkerClaim
{
    /// <summary>It did what was asked.</summary>
    [JsonStringEnumMemberName("success")] Success,

    /// <summary>It could not.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It did a part, and its notes say which.</summary>
    [JsonStringEnumMemberName("partial")] Partial,
}
