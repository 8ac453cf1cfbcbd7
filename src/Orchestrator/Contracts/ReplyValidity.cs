using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>The engine's verdict on a worker's reply, whatever the worker says of itself.</summary>
public enum ReplyValidity
{
    /// <summary>The reply keeps its contract.</summary>
    [JsonStringEnumMemberName("valid")] Valid,

    /// <summary>It keeps its contract after it was asked for again with the violations shown.</summary>
    [JsonStringEnumMemberName("repaired")] Repaired,

    /// <summary>It does not keep its contract, but its text is kept.</summary>
    [JsonStringEnumMemberName("degraded")] Degraded,

    /// <summary>There is no reply.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}
