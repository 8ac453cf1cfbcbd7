namespace Orchestrator;

/// <summary>Writes the plan for a model that decides: every step with where it stands, those that matter first.</summary>
internal static class PlanText
{
    public static void Write(BoundedText text, TaskState state)
    {
        if (state.Plan.Steps.Count == 0)
        {
            text.Line("There is none yet.");
            return;
        }

        var hidden = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var isFull = false;
        foreach (var (step, standing) in state.Plan.Steps.Select(step => (step, StandingOf(step, state))).OrderBy(pair => Rank(pair.Item2)))
        {
            // Room is kept for the line that counts the rest.
            isFull = isFull || text.Left < 400 || !text.Line(Describe(step, standing, state));
            if (isFull)
            {
                hidden[standing] = hidden.GetValueOrDefault(standing) + 1;
            }
        }

        if (hidden.Count > 0)
        {
            text.Line($"- not shown: {string.Join(", ", hidden.Select(pair => $"{DeciderView.Number(pair.Value)} {pair.Key}"))}");
        }
    }

    private static string Describe(PlanStep step, string standing, TaskState state)
    {
        var call = state.FindStep(step.Id) is { } found ? $" as {found.Id}" : "";
        var needs = step.DependsOn.Count > 0 ? $" after {string.Join(", ", step.DependsOn)}" : "";
        var files = string.Concat(
            step.Reads.Count > 0 ? $"; reads {string.Join(", ", step.Reads)}" : "",
            step.Writes.Count > 0 ? $"; writes {string.Join(", ", step.Writes)}" : "");
        var line = $"- {step.Id} [{standing}{call}] {step.Kind}/{(step.Capability.Length > 0 ? step.Capability : step.Kind)}{needs}{files}: {step.Description.ReplaceLineEndings(" ")}";
        return line.Length > 1_000 ? line[..(char.IsHighSurrogate(line[999]) ? 999 : 1_000)] + " […]" : line;
    }

    private static string StandingOf(PlanStep step, TaskState state) => state.FindStep(step.Id) switch
    {
        { Failed: true } => "failed",
        { Succeeded: true } => "done",
        not null => "under way",
        null => "waiting",
    };

    private static int Rank(string standing) => standing switch { "failed" => 0, "under way" => 1, "waiting" => 2, _ => 3 };
}
