namespace Orchestrator;

/// <summary>Why a call ended without what was asked for.</summary>
/// <param name="Code">A stable word from <see cref="Codes"/> to decide by.</param>
/// <param name="Message">What happened and what to do about it, for people and models.</param>
public sealed record CallError(string Code, string Message)
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
