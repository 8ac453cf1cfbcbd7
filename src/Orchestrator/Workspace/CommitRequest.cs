namespace Orchestrator;

/// <summary>A change that is to become one commit on the run's branch.</summary>
/// <param name="Parent">The revision it was made for; the branch must stand there.</param>
/// <param name="Files">Every file that changes, with its new bytes or its deletion.</param>
/// <param name="Message">First line and body of the commit message, without trailers.</param>
/// <param name="Call">The call it comes from. A workspace names it in the commit, so that the commit can be found after a crash.</param>
/// <param name="Worker">The capability that made it.</param>
public sealed record CommitRequest(WorkspaceRevision Parent, IReadOnlyList<WorkspaceFile> Files, string Message, CallId Call, string Worker);
