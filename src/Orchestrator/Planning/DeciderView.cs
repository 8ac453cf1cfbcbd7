using System.Globalization;
using System.Text.Json;

namespace Orchestrator;

/// <summary>Writes a run for a model that decides. Pure and bounded: what does not fit is counted instead of shown.</summary>
/// <remarks>
/// Nothing in it may depend on when or by whom the question is put: after a crash the same question must find its recorded answer. So whether an open call has
/// started is not told, and neither is what the very question has cost.
/// </remarks>
internal static class DeciderView
{
    /// <summary>Fewer bytes than most tokenizers put into a token of code or prose.</summary>
    private const int BytesPerToken = 3;

    public static string Render(TaskState state, int tokenBudget, IReadOnlyDictionary<CallId, JsonElement>? outputs = null, string summary = "")
    {
        var total = (int)Math.Min((long)tokenBudget * BytesPerToken, 4_000_000);
        var text = new BoundedText(total);
        text.Section("Goal", total / 5, section => WriteTask(section, state));
        text.Section("Rules", total / 10, section => WriteList(section, state.Task.Constraints));
        text.Section("Repository, as the run found it", total / 8, section => WriteLines(section, summary));
        text.Section("Your last answer was rejected", total / 10, section => section.Text("", state.LastRejection));
        text.Section("Budget", total / 10, section => WriteBudget(section, state));
        text.Section("Plan", total / 5, section => PlanText.Write(section, state));
        text.Section("Objections, newest first", total / 12, section => WriteObjections(section, state));
        text.Section("Attachments", total / 6, section => WriteAttachments(section, state.Task));
        text.Section("Calls, newest and failed first", text.Left, section => CallText.Write(section, state, outputs));
        return text.ToString();
    }

    private static void WriteTask(BoundedText text, TaskState state)
    {
        text.Text("", state.Task.Goal);
        if (state.Task.Scope.Paths.Count > 0)
        {
            text.Text("Only these paths may change: ", string.Join(", ", state.Task.Scope.Paths));
        }

        foreach (var note in state.Notes)
        {
            text.Text("Note: ", note);
        }
    }

    private static void WriteList(BoundedText text, IReadOnlyList<string> items)
    {
        foreach (var item in items)
        {
            text.Text("- ", item);
        }
    }

    private static void WriteLines(BoundedText text, string summary)
    {
        foreach (var line in summary.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!text.Line(line))
            {
                text.Line("…");
                return;
            }
        }
    }

    private static void WriteBudget(BoundedText text, TaskState state)
    {
        var limits = state.Limits;
        if (limits.Steps is { } steps)
        {
            text.Line(FormattableString.Invariant($"- decisions: {state.Steps} of {steps} taken"));
        }

        if (limits.Tokens is { } tokens)
        {
            text.Line(FormattableString.Invariant($"- tokens: {state.Told.Used.Total} of {tokens} used"));
        }

        if (limits.Cost is { } cost)
        {
            text.Line(FormattableString.Invariant($"- money: {state.Told.Cost:0.####} of {cost:0.####} spent"));
        }
    }

    private static void WriteObjections(BoundedText text, TaskState state)
    {
        foreach (var objection in state.Objections.Reverse())
        {
            var (word, reason) = objection.Verdict switch
            {
                Verdict.Deny deny => ("denied", deny.Reason),
                Verdict.Require require => ($"requires '{require.Call.Capability}'", require.Reason),
                _ => ("objected", ""),
            };
            if (!text.Text($"- {objection.Policy}{(objection.Call is { } call ? $", on {call}" : "")}, {word}: ", reason))
            {
                return;
            }
        }
    }

    private static void WriteAttachments(BoundedText text, TaskRequest task)
    {
        for (var index = 0; index < task.Attachments.Count; index++)
        {
            // Each gets its share of what is left, so that a long log does not push a short report out.
            var attachment = task.Attachments[index];
            text.Text($"{attachment.Name}: ", attachment.Text, text.Left / (task.Attachments.Count - index));
        }
    }

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
