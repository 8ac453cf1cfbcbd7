namespace Orchestrator.Engine;

/// <summary>Looks a task over before it is accepted: everything that is wrong with it, at once.</summary>
internal static class TaskCheck
{
    public static List<string> FindProblems(TaskRequest task, Registry registry)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(task.Goal))
        {
            problems.Add("The goal is empty; say what is to be achieved.");
        }

        if (registry.FindWorkflow(task.Workflow) is null)
        {
            problems.Add(task.Workflow.Length == 0
                ? $"No workflow is named and several are registered; set Workflow to one of {string.Join(", ", registry.WorkflowNames)}."
                : $"There is no workflow '{task.Workflow}'; registered: {string.Join(", ", registry.WorkflowNames)}.");
        }

        foreach (var glob in task.Scope.Paths)
        {
            if (string.IsNullOrWhiteSpace(glob) || glob[0] == '/' || glob.Contains('\\', StringComparison.Ordinal) || glob.Split('/').Contains(".."))
            {
                problems.Add($"'{glob}' is not a glob inside the repository; write it relative to the root, with '/' and without '..'.");
            }
        }

        if (task.Budget is { Cost: <= 0 } or { Tokens: <= 0 } or { Steps: <= 0 } || task.Budget.RunTime <= TimeSpan.Zero)
        {
            problems.Add("A limit of the budget is not above zero; leave it out to use the default.");
        }

        if (task.Budget.Cost is not null && registry.UnpricedModels is { Count: > 0 } unpriced)
        {
            problems.Add($"The budget limits money, but {string.Join(", ", unpriced.Select(model => $"'{model}'"))} has no price, so none could be held for it; give AddModel a price, or limit tokens instead.");
        }

        if (task.Budget.Cost is not null && registry.UnboundedWorkers is { Count: > 0 } unbounded)
        {
            problems.Add($"The budget limits money, but {string.Join(", ", unbounded.Select(worker => $"'{worker}'"))} reaches a model by itself and says no maximum cost, so none could be held for it; give WithOwnModel one, or limit tokens instead.");
        }

        return problems;
    }

    public static Budget Limits(TaskRequest task, OrchestratorOptions options) => task.Budget.Over(new Budget
    {
        Cost = options.MaxCost,
        Tokens = options.MaxTokens,
        Steps = options.MaxSteps,
        RunTime = options.MaxRunTime,
    });

    /// <summary>The task as it is recorded: without secrets that somebody pasted into it.</summary>
    public static TaskRequest Clean(TaskRequest task, Redactor redactor) => task with
    {
        Goal = redactor.Redact(task.Goal),
        Constraints = [.. task.Constraints.Select(redactor.Redact)],
        Attachments = [.. task.Attachments.Select(attachment => attachment with { Text = redactor.Redact(attachment.Text) })],
    };
}
