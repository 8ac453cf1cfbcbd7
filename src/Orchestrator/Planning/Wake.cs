using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Says when a decider wants to be asked again. A run with nothing left to do always asks.</summary>
public enum Wake
{
    /// <summary>When any call ends.</summary>
    [JsonStringEnumMemberName("completion")] Completion,

    /// <summary>When a call fails, or nothing is left to do.</summary>
    [JsonStringEnumMemberName("failure")] Failure,

    /// <summary>When nothing is left to do.</summary>
    [JsonStringEnumMemberName("idle")] Idle,
}
