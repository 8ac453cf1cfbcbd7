namespace Orchestrator;

/// <summary>The only door of one run to files, patches and commands.</summary>
/// <remarks>
/// Reads may run concurrently with everything. Commits are made one at a time by the engine; commands may run beside reads.
/// Disposing gives up checkouts and processes, never commits.
/// </remarks>
public interface IWorkspace : IAsyncDisposable
{
    /// <summary>Where the run started.</summary>
    Revision Base { get; }

    /// <summary>The branch that the run's commits are on; empty where there is none.</summary>
    string Branch { get; }

    /// <summary>What a person should know about how it was opened, such as changes in a checkout that were left out.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>Reads one file at one revision.</summary>
    /// <returns>The file, or <see langword="null"/> where there is none at that path.</returns>
    ValueTask<File?> ReadAsync(Revision at, RepoPath path, CancellationToken cancellationToken);

    /// <summary>All files of one revision, in ordinal order.</summary>
    ValueTask<IReadOnlyList<RepoPath>> ListAsync(Revision at, CancellationToken cancellationToken);

    /// <summary>Makes one commit out of a change and moves the branch to it: both or neither.</summary>
    /// <exception cref="RunOwnedException">A later owner has opened this run's workspace, or the branch does not stand at the parent.</exception>
    ValueTask<Revision> CommitAsync(Commit request, CancellationToken cancellationToken);

    /// <summary>Looks for the commit that a call made, so that it is not made twice after a crash.</summary>
    /// <returns>The revision after that commit, or <see langword="null"/> if the branch holds none of that call.</returns>
    ValueTask<Revision?> FindCommitAsync(CallId call, CancellationToken cancellationToken);

    /// <summary>A revision that is <paramref name="onto"/> with some files taken from <paramref name="from"/>; the branch stays where it is.</summary>
    /// <remarks>Used to run a new test against old code.</remarks>
    ValueTask<Revision> OverlayAsync(Revision onto, Revision from, IReadOnlyList<RepoPath> paths, CancellationToken cancellationToken);

    /// <summary>The difference between two revisions as a git-style unified diff.</summary>
    ValueTask<string> DiffAsync(Revision from, Revision to, CancellationToken cancellationToken);

    /// <summary>The paths that differ between two revisions, in ordinal order.</summary>
    ValueTask<IReadOnlyList<RepoPath>> ChangedPathsAsync(Revision from, Revision to, CancellationToken cancellationToken);

    /// <summary>The command that <see cref="VerifyAsync"/> runs, as a person would write it; empty where nobody knows.</summary>
    string TestCommand => "";

    /// <summary>Files that changed together with one file at least twice in the commits that lead to a revision.</summary>
    /// <param name="at">Where to look back from.</param>
    /// <param name="path">The file.</param>
    /// <param name="commits">How many commits to look back. Those that begin a history or change very many files count for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Those that did so most often first, equally frequent ones in ordinal order; none where there is no history.</returns>
    ValueTask<IReadOnlyList<RepoPath>> CoChangedAsync(Revision at, RepoPath path, int commits, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<RepoPath>>([]);

    /// <summary>Whether a path holds tests; such files do not count into <see cref="Revision.Change"/>.</summary>
    bool IsTestFile(RepoPath path);

    /// <summary>Runs the repository's verification command on exactly one revision.</summary>
    /// <param name="request">What to run and where.</param>
    /// <param name="cancellationToken">Ends the command and every process it started.</param>
    /// <returns>What happened; a command that fails, hangs or cannot be started is a report, not an exception.</returns>
    ValueTask<TestReport> VerifyAsync(Verification request, CancellationToken cancellationToken);

    /// <summary>A file's bytes as a workspace holds them, or its absence where <see cref="Bytes"/> is <see langword="null"/>.</summary>
    /// <param name="Path">Where it stands in the repository.</param>
    /// <param name="Bytes">Its content; <see langword="null"/> says, in a change, that the file is deleted.</param>
    /// <param name="Mode">Git's file mode: <c>100644</c>, <c>100755</c>, <c>120000</c> (symlink) or <c>160000</c> (submodule).</param>
    sealed record File(RepoPath Path, ReadOnlyMemory<byte>? Bytes, string Mode = "100644");

    /// <summary>A change that is to become one commit on the run's branch.</summary>
    /// <param name="Parent">The revision it was made for; the branch must stand there.</param>
    /// <param name="Files">Every file that changes, with its new bytes or its deletion.</param>
    /// <param name="Message">First line and body of the commit message, without trailers.</param>
    /// <param name="Call">The call it comes from. A workspace names it in the commit, so that the commit can be found after a crash.</param>
    /// <param name="Worker">The capability that made it.</param>
    sealed record Commit(Revision Parent, IReadOnlyList<File> Files, string Message, CallId Call, string Worker);

    /// <summary>Asks for one run of the tests.</summary>
    /// <param name="At">The revision to test.</param>
    sealed record Verification(Revision At)
    {
        /// <summary>Ids of the tests to run; empty for all. A repository that cannot run a subset runs all.</summary>
        public IReadOnlyList<string> Tests { get; init; } = [];

        /// <summary>How long the command may take; <see langword="null"/> for the repository's own limit.</summary>
        public TimeSpan? TimeLimit { get; init; }
    }

    /// <summary>One exact content of a run's repository.</summary>
    /// <param name="Commit">The commit, or another name that the workspace can find it by.</param>
    /// <param name="Tree">Identifies the content alone: two revisions with equal trees hold equal files.</param>
    /// <param name="Change">Hash of what differs from the run's base, test files left out; reviews bind to it.</param>
    sealed record Revision(string Commit, string Tree, string Change);
}
