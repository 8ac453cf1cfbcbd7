namespace Orchestrator.Patching;

/// <summary>What became of a patch: <see cref="Applied"/>, <see cref="Rejected"/> or <see cref="Conflicted"/>. Nothing is ever half applied.</summary>
public abstract record PatchResult
{
    private PatchResult()
    {
    }

    /// <summary>Every hunk found its place.</summary>
    /// <param name="Changes">The files that change, ordered by path. A file the patch leaves as it is does not appear.</param>
    /// <param name="Hunks">Where each hunk went.</param>
    public sealed record Applied(IReadOnlyList<Change> Changes, IReadOnlyList<HunkReport> Hunks) : PatchResult;

    /// <summary>Something is wrong or uncertain, so nothing is applied.</summary>
    /// <param name="Rejects">Everything that stands in the way.</param>
    /// <param name="Good">The hunks that would have gone in; a repair need not repeat them.</param>
    public sealed record Rejected(IReadOnlyList<PatchReject> Rejects, IReadOnlyList<HunkReport> Good) : PatchResult
    {
        /// <summary>A request for a corrected patch that asks only for the hunks that failed.</summary>
        public string RepairPrompt => RepairText.For(this);
    }

    /// <summary>The file moved on since the base, and both sides changed the same lines.</summary>
    /// <param name="Conflicts">Each stretch with both sides.</param>
    public sealed record Conflicted(IReadOnlyList<Conflict> Conflicts) : PatchResult;

    /// <summary>One file after the patch.</summary>
    /// <param name="Path">Where it is now.</param>
    /// <param name="File">The new bytes and mode, or null when the file is deleted.</param>
    public sealed record Change(string Path, PatchFile? File)
    {
        /// <summary>Where it was, when it was renamed or copied. A rename brings a second change that deletes the old path.</summary>
        public string? OldPath { get; init; }
    }

    /// <summary>Where one hunk went and how sure that is.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Hunk">The hunk, counted from 1 within its file.</param>
    /// <param name="Line">The first line of its old text in the file, counted from 1.</param>
    /// <param name="Rung">The highest tolerance it needed; <see cref="PatchTolerances.None"/> is exact.</param>
    /// <param name="Score">1 for exact, less for every tolerance used. Comparable between hunks, not a probability.</param>
    public sealed record HunkReport(string Path, int Hunk, int Line, PatchTolerances Rung, double Score)
    {
        /// <summary>Every tolerance it needed.</summary>
        public PatchTolerances Used { get; init; }
    }

    /// <summary>A stretch that both sides changed differently.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="BaseLine">Where the stretch begins in the base, counted from 1; 0 when the whole file is meant.</param>
    /// <param name="Base">The base's text.</param>
    /// <param name="Current">The current file's text; null when the file is gone.</param>
    /// <param name="Patch">The text the patch wants; null when it deletes the file.</param>
    public sealed record Conflict(string Path, int BaseLine, ReadOnlyMemory<byte> Base, ReadOnlyMemory<byte>? Current, ReadOnlyMemory<byte>? Patch);
}
