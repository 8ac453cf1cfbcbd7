using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>What a worker returns: its output, and how sure it is that the output keeps the contract.</summary>
/// <param name="Output">The output as JSON. Its <c>status</c> (<c>success</c>, <c>failed</c>, <c>partial</c>) is the worker's claim; without one, success.</param>
public sealed record WorkerReply(JsonElement Output)
{
    /// <summary>Whether the output keeps the contract, as far as the worker knows; the engine checks again.</summary>
    public ReplyValidity Validity { get; init; }

    /// <summary>In which ways it does not, for people and models.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];

    /// <summary>What was odd without being wrong.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
