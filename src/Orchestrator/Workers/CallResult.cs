using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>How a call ended: the worker's claim, the engine's verdict on the reply, and what became of its patch.</summary>
/// <param name="Claim">What the worker says of its work.</param>
/// <param name="Validity">Whether the reply keeps its contract.</param>
public sealed record CallResult(WorkerClaim Claim, CallResult.ReplyValidity Validity)
{
    /// <summary>The worker's output, or what is kept of a reply that does not keep its contract.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Payload Output { get; init; }

    /// <summary>Why the call did not succeed.</summary>
    public Failure? Error { get; init; }

    /// <summary>What was odd about the reply without making it invalid.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

    /// <summary>Where the run's branch stood after the call's patch was applied; <see langword="null"/> where it changed nothing.</summary>
    public IWorkspace.Revision? Applied { get; init; }

    /// <summary>What a test run showed, where the call was one.</summary>
    public TestReport.Evidence? Evidence { get; init; }

    /// <summary>Whether others may build on this call.</summary>
    [JsonIgnore]
    public bool Succeeded => Error is null && Claim != WorkerClaim.Failed && Validity <= ReplyValidity.Repaired;

    internal static CallResult OfFailure(string code, string message, Payload output = default) =>
        new(WorkerClaim.Failed, ReplyValidity.Failed) { Error = new Failure(code, message), Output = output };

    /// <summary>Why a call ended without what was asked for.</summary>
    /// <param name="Code">A stable word from <see cref="Codes"/> to decide by.</param>
    /// <param name="Message">What happened and what to do about it, for people and models.</param>
    public sealed record Failure(string Code, string Message)
    {
        /// <summary>The stable words of <see cref="Code"/>.</summary>
        public static class Codes
        {
            /// <summary>The worker threw, or said <c>failed</c> without more.</summary>
            public const string WorkerFailed = "worker_failed";

            /// <summary>The call ran into its time limit.</summary>
            public const string TimedOut = "timed_out";

            /// <summary>The input could not be bound: a file is missing, or the payload does not fit the contract.</summary>
            public const string InvalidInput = "invalid_input";

            /// <summary>The reply does not keep its contract.</summary>
            public const string InvalidReply = "invalid_reply";

            /// <summary>The model could not be reached, or refused, after every retry.</summary>
            public const string ModelFailed = "model_failed";

            /// <summary>The attempt would have broken the budget.</summary>
            public const string OverBudget = "over_budget";

            /// <summary>The patch could not be read or does not fit its base.</summary>
            public const string PatchRejected = "patch_rejected";

            /// <summary>A file that the patch touches has changed since the worker saw it.</summary>
            public const string PatchStale = "patch_stale";

            /// <summary>The patch touches a path outside the task's or the worker's scope.</summary>
            public const string OutOfScope = "out_of_scope";

            /// <summary>A policy said no.</summary>
            public const string Denied = "denied";

            /// <summary>A call it depends on did not succeed.</summary>
            public const string Blocked = "blocked";

            /// <summary>The run ended, or the decider went on, without it.</summary>
            public const string Abandoned = "abandoned";

            /// <summary>Nothing says whether an effect that must not be repeated has happened.</summary>
            public const string InDoubt = "in_doubt";
        }
    }

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
}
