using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>A rule that runs in code before an effect: on plans, calls, patches, and the end of a run.</summary>
/// <remarks>
/// One instance serves all runs, concurrently. Policies judge in the order they were added; the first that does not allow decides. Every verdict is recorded.
/// A policy that throws denies, with the exception's message as the reason.
/// </remarks>
public interface IPolicy
{
    /// <summary>A stable name, recorded with each verdict.</summary>
    string Id { get; }

    /// <summary>Judges one thing.</summary>
    /// <param name="subject">What is about to happen.</param>
    /// <param name="state">The run so far.</param>
    /// <param name="context">Reads outputs of calls.</param>
    /// <param name="cancellationToken">Set when the run is stopped.</param>
    ValueTask<Verdict> JudgeAsync(Subject subject, TaskState state, PolicyContext context, CancellationToken cancellationToken);

    /// <summary>What a policy judges: a plan, a call, a patch, or the finish.</summary>
    abstract record Subject
    {
        private Subject(Subject.At stage, string hash)
        {
            Stage = stage;
            Hash = hash;
        }

        /// <summary>Which kind of thing it is.</summary>
        public Subject.At Stage { get; }

        /// <summary>Identifies exactly this thing; approvals bind to it.</summary>
        public string Hash { get; }

        /// <summary>A plan that is about to be admitted.</summary>
        public sealed record OfPlan(Plan Plan, string Hash) : Subject(Subject.At.Plan, Hash);

        /// <summary>A call that is about to start.</summary>
        public sealed record OfCall(CallId Id, WorkerCall Call, string Hash) : Subject(Subject.At.Call, Hash);

        /// <summary>A patch that is about to be committed.</summary>
        /// <param name="Id">The call it comes from.</param>
        /// <param name="Call">What was asked of that call.</param>
        /// <param name="Paths">Every path it writes, deletes or renames.</param>
        /// <param name="Diff">The patch as its worker wrote it.</param>
        /// <param name="Hash">Hash of the change.</param>
        public sealed record OfPatch(CallId Id, WorkerCall Call, IReadOnlyList<RepoPath> Paths, string Diff, string Hash) : Subject(Subject.At.Patch, Hash);

        /// <summary>A run that is about to end with a claim of success.</summary>
        /// <param name="Decision">The decision to finish.</param>
        /// <param name="Hash">The tree that would be handed over, or the decision's fingerprint where there is no repository.</param>
        public sealed record OfFinish(Decision.Finish Decision, string Hash) : Subject(Subject.At.Finish, Hash);

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
}
