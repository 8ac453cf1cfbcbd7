using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Where a call stands.</summary>
public enum CallStatus
{
    /// <summary>It waits for other calls.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>Everything it needs exists; it starts as soon as policies and the cap on parallel calls let it.</summary>
    [JsonStringEnumMemberName("ready")] Ready,

    /// <summary>Its intent is recorded and its outcome is not.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>It asked a person.</summary>
    [JsonStringEnumMemberName("awaiting_answer")] AwaitingAnswer,

    /// <summary>Its outcome is recorded.</summary>
    [JsonStringEnumMemberName("done")] Done,
}
