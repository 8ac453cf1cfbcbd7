namespace Orchestrator;

/// <summary>An attempt did not start because it could break a limit. Raise the budget, or ask for less.</summary>
internal sealed class BudgetExceededException : OrchestratorException
{
    internal BudgetExceededException(Budget.Limit? limit, string message)
        : base(message) => Limit = limit;

    /// <summary>The run's limit that does not suffice; <see langword="null"/> where it is the call's own.</summary>
    public Budget.Limit? Limit { get; }
}
