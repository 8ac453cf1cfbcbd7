using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What an attempt starts.</summary>
public enum AttemptKind
{
    /// <summary>One request to a model.</summary>
    [JsonStringEnumMemberName("model")] Model,

    /// <summary>One command in the workspace.</summary>
    [JsonStringEnumMemberName("command")] Command,
}
