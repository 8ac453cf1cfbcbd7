using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Where policies judge.</summary>
public enum PolicyStage
{
    /// <summary>A plan, before it is admitted.</summary>
    [JsonStringEnumMemberName("plan")] Plan,

    /// <summary>A call, before it starts.</summary>
    [JsonStringEnumMemberName("call")] Call,

    /// <summary>A patch, before it is committed.</summary>
    [JsonStringEnumMemberName("patch")] Patch,

    /// <summary>The end of a run that claims success.</summary>
    [JsonStringEnumMemberName("finish")] Finish,
}
