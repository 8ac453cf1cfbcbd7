using System.Text.Json;

namespace Orchestrator.Engine;

/// <summary>Says in a commit's first line what it is for.</summary>
internal static class CommitMessage
{
    private const int Width = 72;

    public static async ValueTask<string> OfAsync(DriveContext drive, CallState call)
    {
        var input = await drive.Session.Payloads.ReadAsync(call.Call.Input, CancellationToken.None).ConfigureAwait(false);
        var goal = TextOf(input, "goal") ?? TextOf(input, "behaviour") ?? drive.Session.State.Task.Goal;
        var subject = goal.AsSpan().Trim();
        subject = subject.IndexOf('\n') is >= 0 and var end ? subject[..end].TrimEnd() : subject;
        var first = $"{call.Call.Capability}: {subject}";
        return drive.Redactor.Redact(first.Length <= Width ? first : first[..(Width - 1)] + "…");
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
