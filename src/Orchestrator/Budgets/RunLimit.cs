using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>The limits that end a run.</summary>
public enum RunLimit
{
    /// <summary>Decisions taken.</summary>
    [JsonStringEnumMemberName("steps")] Steps,

    /// <summary>Time of active driving.</summary>
    [JsonStringEnumMemberName("run_time")] RunTime,

    /// <summary>Money.</summary>
    [JsonStringEnumMemberName("cost")] Cost,

    /// <summary>Tokens.</summary>
    [JsonStringEnumMemberName("tokens")] Tokens,
}
