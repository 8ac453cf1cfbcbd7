using System.Text.Json;

namespace Orchestrator;

/// <summary>A worker's reply as the engine gets it: the output, and how sure it is that the output keeps the contract.</summary>
/// <param name="Output">The output as JSON. Its <c>status</c> (<c>success</c>, <c>failed</c>, <c>partial</c>) is the worker's claim; without one, success.</param>
internal readonly record struct BoundReply(JsonElement Output)
{
    /// <summary>Whether the output keeps the contract.</summary>
    public CallResult.ReplyValidity Validity { get; init; }

    /// <summary>In which ways it does not, for people and models.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];

    /// <summary>What was odd without being wrong.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>There is nothing that could be called a reply.</summary>
    public static BoundReply None(string violation)
    {
        using var nothing = JsonDocument.Parse("{}");
        return new BoundReply(nothing.RootElement.Clone()) { Validity = CallResult.ReplyValidity.Failed, Violations = [violation] };
    }

    /// <summary>A claim that is no claim makes the reply one that does not keep its contract.</summary>
    public static BoundReply CheckClaim(BoundReply reply) => TryReadClaim(reply.Output, out _)
        ? reply
        : reply with
        {
            Validity = (CallResult.ReplyValidity)Math.Max((int)reply.Validity, (int)CallResult.ReplyValidity.Degraded),
            Violations = [.. reply.Violations, "$.status: is not one of success, failed, partial"],
        };

    /// <summary>The worker's claim: success where its output says nothing.</summary>
    public static bool TryReadClaim(JsonElement output, out WorkerClaim claim)
    {
        claim = WorkerClaim.Success;
        if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty("status", out var status) || status.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (status.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        if (status.ValueEquals("failed"u8))
        {
            claim = WorkerClaim.Failed;
            return true;
        }

        if (status.ValueEquals("partial"u8))
        {
            claim = WorkerClaim.Partial;
            return true;
        }

        return status.ValueEquals("success"u8);
    }
}
