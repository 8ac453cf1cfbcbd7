namespace Orchestrator.Engine;

/// <summary>Admits a plan or says everything that is wrong with it, before anything is spent on it.</summary>
internal static class PlanCheck
{
    private const int MaxSteps = 10_000;

    public static IReadOnlyList<string> FindProblems(Plan plan, Func<string, bool> isCapability, IReadOnlyList<string> capabilities)
    {
        if (plan.Steps.Count == 0)
        {
            return ["The plan has no steps."];
        }

        if (plan.Steps.Count > MaxSteps)
        {
            return [$"The plan has {plan.Steps.Count} steps; at most {MaxSteps} are allowed."];
        }

        var problems = new List<string>();
        var ids = new HashSet<string>();
        foreach (var step in plan.Steps)
        {
            if (string.IsNullOrWhiteSpace(step.Id))
            {
                problems.Add("A step has no id.");
            }
            else if (!ids.Add(step.Id))
            {
                problems.Add($"Two steps have the id '{step.Id}'.");
            }

            if (!isCapability(CapabilityOf(step)))
            {
                problems.Add($"Step '{step.Id}' needs '{CapabilityOf(step)}', which nobody provides; there are {string.Join(", ", capabilities)}.");
            }
        }

        problems.AddRange(
            from step in plan.Steps
            from needed in step.DependsOn
            where !ids.Contains(needed)
            select $"Step '{step.Id}' depends on '{needed}', which is not in the plan.");
        if (problems.Count == 0 && FindCycle(plan) is { } cycle)
        {
            problems.Add($"Steps wait for each other in a circle: {string.Join(" → ", cycle)}.");
        }

        return problems;
    }

    public static string CapabilityOf(PlanStep step) => step.Capability.Length > 0 ? step.Capability : step.Kind;

    /// <summary>Takes away steps that wait for nothing until none is left (Kahn's algorithm); whatever stays is in a circle or behind one.</summary>
    private static List<string>? FindCycle(Plan plan)
    {
        var steps = plan.Steps.ToDictionary(step => step.Id);
        var waiting = steps.Values.ToDictionary(step => step.Id, step => step.DependsOn.Distinct().Count());
        var dependents = plan.Steps.SelectMany(step => step.DependsOn.Distinct().Select(needed => (needed, step.Id))).ToLookup(pair => pair.needed, pair => pair.Id);
        var free = new Queue<string>(waiting.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        while (free.TryDequeue(out var id))
        {
            waiting.Remove(id);
            foreach (var dependent in dependents[id])
            {
                if (--waiting[dependent] == 0)
                {
                    free.Enqueue(dependent);
                }
            }
        }

        if (waiting.Count == 0)
        {
            return null;
        }

        // Everything left has a predecessor that is left, so walking back must come round.
        var path = new List<string>();
        var at = waiting.Keys.First();
        while (!path.Contains(at))
        {
            path.Add(at);
            at = steps[at].DependsOn.First(waiting.ContainsKey);
        }

        path.RemoveRange(0, path.IndexOf(at));
        path.Add(at);
        path.Reverse();
        return path;
    }
}
