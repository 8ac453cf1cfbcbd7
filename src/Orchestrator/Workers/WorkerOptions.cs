namespace Orchestrator;

/// <summary>What holds for one registered worker. Used while it is registered.</summary>
public sealed class WorkerOptions
{
    internal int Version { get; private set; } = 1;

    internal List<string> Writes { get; } = [];

    internal TimeSpan? TimeLimit { get; private set; }

    internal bool IsRepeatable { get; private set; } = true;

    internal string Description { get; private set; } = "";

    internal OwnModel? OwnModel { get; private set; }

    /// <summary>The version of the contract it keeps.</summary>
    public WorkerOptions WithVersion(int version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        Version = version;
        return this;
    }

    /// <summary>Says what it does and when to call it. Models that decide read this.</summary>
    public WorkerOptions WithDescription(string description)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        Description = description;
        return this;
    }

    /// <summary>Lets its patches write only these paths, within what the task allows.</summary>
    /// <param name="globs">Globs relative to the repository's root, such as <c>tests/**</c>.</param>
    public WorkerOptions AllowWrites(params IReadOnlyList<string> globs)
    {
        Writes.AddRange(globs);
        return this;
    }

    /// <summary>Ends its calls after this time.</summary>
    public WorkerOptions WithTimeLimit(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        TimeLimit = limit;
        return this;
    }

    /// <summary>
    /// Declares that it reaches a model by itself, past <see cref="WorkerContext.Models"/>: an agent of another framework, or a program. Each of its calls is then
    /// recorded as one attempt; what it may cost is held while it works, and settled with what it tells <see cref="WorkerContext.ReportSpending"/>.
    /// </summary>
    /// <param name="maxCost">The most that one call can cost, in the unit of the prices; it counts in full where the worker reports nothing. It must be given where a budget limits money.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is not above zero.</exception>
    public WorkerOptions WithOwnModel(decimal? maxCost = null)
    {
        if (maxCost is { } cost)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(cost, 0m, nameof(maxCost));
        }

        OwnModel = new OwnModel(maxCost);
        return this;
    }

    /// <summary>Declares that it has effects of its own, so that after a crash a person is asked before it is carried out again.</summary>
    public WorkerOptions NotRepeatable()
    {
        IsRepeatable = false;
        return this;
    }
}
