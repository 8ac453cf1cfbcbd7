namespace Orchestrator;

/// <summary>One exact content of a run's repository.</summary>
/// <param name="Commit">The commit, or another name that the workspace can find it by.</param>
/// <param name="Tree">Identifies the content alone: two revisions with equal trees hold equal files.</param>
/// <param name="Change">Hash of what differs from the run's base, test files left out; reviews bind to it.</param>
public sealed record WorkspaceRevision(string Commit, string Tree, string Change);
