using System.Text.Json.Serialization;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>How a call ended: the worker's claim, the engine's verdict on the reply, and what became of its patch.</summary>
/// <param name="Claim">What the worker says of its work.</param>
/// <param name="Validity">Whether the reply keeps its contract.</param>
public sealed record CallResult(WorkerClaim Claim, ReplyValidity Validity)
{
    /// <summary>The worker's output, or what is kept of a reply that does not keep its contract.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Payload Output { get; init; }

    /// <summary>Why the call did not succeed.</summary>
    public CallError? Error { get; init; }

    /// <summary>What was odd about the reply without making it invalid.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];

    /// <summary>Where the run's branch stood after the call's patch was applied; <see langword="null"/> where it changed nothing.</summary>
    public WorkspaceRevision? Applied { get; init; }

    /// <summary>What a test run showed, where the call was one.</summary>
    public TestReport.Evidence? Evidence { get; init; }

    /// <summary>Whether others may build on this call.</summary>
    [JsonIgnore]
    public bool Succeeded => Error is null && Claim != WorkerClaim.Failed && Validity <= ReplyValidity.Repaired;

    internal static CallResult Failure(string code, string message, Payload output = default) =>
        new(WorkerClaim.Failed, ReplyValidity.Failed) { Error = new CallError(code, message), Output = output };
}
