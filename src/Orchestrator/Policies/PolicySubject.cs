using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>What a policy judges: a plan, a call, a patch, or the finish.</summary>
public abstract record PolicySubject
{
    private PolicySubject(PolicySubject.At stage, string hash)
    {
        Stage = stage;
        Hash = hash;
    }

    /// <summary>Which kind of thing it is.</summary>
    public PolicySubject.At Stage { get; }

    /// <summary>Identifies exactly this thing; approvals bind to it.</summary>
    public string Hash { get; }

    /// <summary>A plan that is about to be admitted.</summary>
    public sealed record OfPlan(Plan Plan, string Hash) : PolicySubject(PolicySubject.At.Plan, Hash);

    /// <summary>A call that is about to start.</summary>
    public sealed record OfCall(CallId Id, WorkerCall Call, string Hash) : PolicySubject(PolicySubject.At.Call, Hash);

    /// <summary>A patch that is about to be committed.</summary>
    /// <param name="Id">The call it comes from.</param>
    /// <param name="Call">What was asked of that call.</param>
    /// <param name="Paths">Every path it writes, deletes or renames.</param>
    /// <param name="Diff">The patch as its worker wrote it.</param>
    /// <param name="Hash">Hash of the change.</param>
    public sealed record OfPatch(CallId Id, WorkerCall Call, IReadOnlyList<RepoPath> Paths, string Diff, string Hash) : PolicySubject(PolicySubject.At.Patch, Hash);

    /// <summary>A run that is about to end with a claim of success.</summary>
    /// <param name="Decision">The decision to finish.</param>
    /// <param name="Hash">The tree that would be handed over, or the decision's fingerprint where there is no repository.</param>
    public sealed record OfFinish(Decision.Finish Decision, string Hash) : PolicySubject(PolicySubject.At.Finish, Hash);

    /// <summary>Where policies judge.</summary>
    public enum At
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
}
