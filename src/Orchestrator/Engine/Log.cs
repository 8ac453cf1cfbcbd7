using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>Every message of this package. The run's id is in the scope of each. Ids are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Accepted a task for workflow {Workflow}")]
    internal static partial void Accepted(ILogger logger, string workflow);

    [LoggerMessage(2, LogLevel.Information, "Driving from event {Sequence} as epoch {Epoch}")]
    internal static partial void Driving(ILogger logger, long sequence, long epoch);

    [LoggerMessage(3, LogLevel.Information, "Ended as {Status} after {Steps} steps")]
    internal static partial void Ended(ILogger logger, RunStatus status, int steps);

    [LoggerMessage(4, LogLevel.Information, "Paused: {Reason}")]
    internal static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Warning, "The worker {Capability} threw in {Call}")]
    internal static partial void WorkerThrew(ILogger logger, CallId call, string capability, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "{Call} ran into its time limit")]
    internal static partial void TimedOut(ILogger logger, CallId call);

    [LoggerMessage(7, LogLevel.Warning, "A decision was rejected: {Reason}")]
    internal static partial void DecisionRejected(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Information, "Stopping here; calls under way have {Drain} to finish")]
    internal static partial void Stopping(ILogger logger, TimeSpan drain);

    [LoggerMessage(9, LogLevel.Warning, "The claim could not be renewed; trying again")]
    internal static partial void RenewFailed(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Error, "Driving in the background failed; trying again in {Delay}")]
    internal static partial void BackgroundFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "Somebody who looks on threw")]
    internal static partial void ObserverFailed(ILogger logger, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "The claim could not be given back; it ends by itself")]
    internal static partial void ReleaseFailed(ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "The limit on {Limit} was reached: {Detail}")]
    internal static partial void LimitReached(ILogger logger, Budget.Limit limit, string detail);
}
