using System.Text.Json;

namespace Orchestrator;

/// <summary>What is handed over when a run ends or pauses, folded from its events alone.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">How it ended, or <see cref="RunStatus.Paused"/>.</param>
/// <param name="Summary">What was achieved, or what it waits for.</param>
public sealed record RunResult(RunId Run, RunStatus Status, string Summary)
{
    /// <summary>The branch that holds the commits; empty where there is no repository.</summary>
    public string Branch { get; init; } = "";

    /// <summary>The commit at its end; empty where there is no repository.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The whole change as a git-style unified diff; empty where nothing changed.</summary>
    public string Diff { get; init; } = "";

    /// <summary>The first test run on the tree the run started from.</summary>
    public TestReport.Evidence? TestsBefore { get; init; }

    /// <summary>The last test run on exactly the tree that is handed over.</summary>
    public TestReport.Evidence? TestsAfter { get; init; }

    /// <summary>Every call, in order: what each worker did.</summary>
    public IReadOnlyList<CallState> Calls { get; init; } = [];

    /// <summary>Names of what is handed over beside branch and diff.</summary>
    public IReadOnlyList<string> Artifacts { get; init; } = [];

    /// <summary>Tokens used.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Money spent, where the models have prices; otherwise zero.</summary>
    public decimal Cost { get; init; }

    /// <summary>What a person should know about how the repository was opened.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    internal static RunResult Of(TaskState state, JsonElement diff)
    {
        TestReport.Evidence? before = null;
        TestReport.Evidence? after = null;
        foreach (var call in state.Calls)
        {
            if (call.Result?.Evidence is { } evidence)
            {
                before ??= evidence.Tree == state.Base?.Tree ? evidence : null;
                after = evidence.Tree == state.Head?.Tree ? evidence : after;
            }
        }

        return new RunResult(state.Run, state.Status, state.Summary)
        {
            Branch = state.Branch,
            Commit = state.Head?.Commit ?? "",
            Diff = diff.ValueKind == JsonValueKind.String ? diff.GetString()! : "",
            TestsBefore = before,
            TestsAfter = after,
            Calls = state.Calls,
            Artifacts = state.Facts.Artifacts,
            Usage = state.Usage,
            Cost = state.Cost,
            Notes = state.Notes,
        };
    }
}
