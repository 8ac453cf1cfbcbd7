using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Replies of workers as the engine gets them.</summary>
internal static class BoundReply
{
    /// <summary>There is nothing that could be called a reply.</summary>
    public static WorkerReply None(string violation)
    {
        using var nothing = JsonDocument.Parse("{}");
        return new WorkerReply(nothing.RootElement.Clone()) { Validity = ReplyValidity.Failed, Violations = [violation] };
    }

    /// <summary>A claim that is no claim makes the reply one that does not keep its contract.</summary>
    public static WorkerReply CheckClaim(WorkerReply reply) => TryReadClaim(reply.Output, out _)
        ? reply
        : reply with
        {
            Validity = (ReplyValidity)Math.Max((int)reply.Validity, (int)ReplyValidity.Degraded),
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

        switch (status.GetString())
        {
            case "success":
                return true;
            case "failed":
                claim = WorkerClaim.Failed;
                return true;
            case "partial":
                claim = WorkerClaim.Partial;
                return true;
            default:
                return false;
        }
    }
}
