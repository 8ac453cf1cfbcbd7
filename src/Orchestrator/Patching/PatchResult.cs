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
    public sealed record Rejected(IReadOnlyList<Reject> Rejects, IReadOnlyList<HunkReport> Good) : PatchResult
    {
        /// <summary>A request for a corrected patch. Where single hunks failed it asks for those only: <see cref="PatchSet.Repair"/> puts them together with the good ones.</summary>
        public string RepairPrompt => RepairText.For(this, KeepsGood ? "kept. Send only what is listed here, corrected." : SendAll);

        /// <summary>What failed and why, for whoever has to make the whole patch again.</summary>
        public string Explanation => RepairText.For(this, SendAll);

        /// <summary>Whether nothing but single hunks failed, so that the others can be kept.</summary>
        internal bool KeepsGood { get; init; }

        private const string SendAll = "not applied either. Send the whole patch again, corrected.";
    }

    /// <summary>The file moved on since the base, and both sides changed the same lines.</summary>
    /// <param name="Conflicts">Each stretch with both sides.</param>
    public sealed record Conflicted(IReadOnlyList<Conflict> Conflicts) : PatchResult;

    /// <summary>One file after the patch.</summary>
    /// <param name="Path">Where it is now.</param>
    /// <param name="File">The new bytes and mode, or null when the file is deleted.</param>
    public sealed record Change(string Path, PatchTree.File? File)
    {
        /// <summary>Where it was, when it was renamed or copied. A rename brings a second change that deletes the old path.</summary>
        public string? OldPath { get; init; }
    }

    /// <summary>Where one hunk went and how sure that is.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Hunk">The hunk, counted from 1 within its file.</param>
    /// <param name="Line">The first line of its old text in the file, counted from 1.</param>
    /// <param name="Rung">The highest tolerance it needed; <see cref="PatchOptions.Tolerance.None"/> is exact.</param>
    /// <param name="Score">1 for exact, less for every tolerance used. Comparable between hunks, not a probability.</param>
    public sealed record HunkReport(string Path, int Hunk, int Line, PatchOptions.Tolerance Rung, double Score)
    {
        /// <summary>Every tolerance it needed.</summary>
        public PatchOptions.Tolerance Used { get; init; }
    }

    /// <summary>A stretch that both sides changed differently.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="BaseLine">Where the stretch begins in the base, counted from 1; 0 when the whole file is meant.</param>
    /// <param name="Base">The base's text.</param>
    /// <param name="Current">The current file's text; null when the file is gone.</param>
    /// <param name="Patch">The text the patch wants; null when it deletes the file.</param>
    public sealed record Conflict(string Path, int BaseLine, ReadOnlyMemory<byte> Base, ReadOnlyMemory<byte>? Current, ReadOnlyMemory<byte>? Patch);

    /// <summary>One reason why a patch was refused, made to be acted on: by code through <see cref="Code"/>, by a model through <see cref="Message"/> and the nearest region.</summary>
    /// <param name="Code">A stable reason, one of <see cref="Codes"/>.</param>
    /// <param name="Path">The file it concerns; empty when it concerns the whole patch.</param>
    /// <param name="Message">What is wrong and what to do about it, in one or two sentences.</param>
    public sealed record Reject(string Code, string Path, string Message)
    {
        /// <summary>The hunk, counted from 1 within its file; null when the whole file is refused.</summary>
        public int? Hunk { get; init; }

        /// <summary>The line of the patch text, counted from 1; 0 when there is none.</summary>
        public int PatchLine { get; init; }

        /// <summary>The region of the current file most like the old text; null when nothing is like it.</summary>
        public Region? Nearest { get; init; }

        /// <summary>The first line the patch expected and did not find.</summary>
        public string? Expected { get; init; }

        /// <summary>The line that stands there instead.</summary>
        public string? Found { get; init; }

        /// <summary>The hunk's own text, to be sent back for repair; null when the whole file is refused.</summary>
        public string? HunkText { get; init; }

        /// <summary>A stretch of a file.</summary>
        /// <param name="FirstLine">The number of its first line, counted from 1.</param>
        /// <param name="Lines">The lines without their ends.</param>
        public sealed record Region(int FirstLine, IReadOnlyList<string> Lines);

        /// <summary>Every reason there is. Names are stable; new ones may be added.</summary>
        public static class Codes
        {
            /// <summary>The text holds no edit in any known format.</summary>
            public const string NoPatch = "no_patch";

            /// <summary>A header or body does not follow its format.</summary>
            public const string Malformed = "malformed";

            /// <summary>The text ends inside its last hunk.</summary>
            public const string Truncated = "truncated";

            /// <summary>An edit does not say which file it is for.</summary>
            public const string MissingPath = "missing_path";

            /// <summary>A bound of <see cref="PatchOptions.Limit"/> is exceeded.</summary>
            public const string LimitExceeded = "limit_exceeded";

            /// <summary>A path leaves the tree, reaches into git's own folder or cannot be had on every system.</summary>
            public const string UnsafePath = "unsafe_path";

            /// <summary>A mode that is not allowed.</summary>
            public const string UnsafeMode = "unsafe_mode";

            /// <summary>A symbolic link stands in the way, or points where it must not.</summary>
            public const string UnsafeLink = "unsafe_link";

            /// <summary>A name differs from another only by case, or is a file and a folder at once.</summary>
            public const string PathCollision = "path_collision";

            /// <summary>The file to change does not exist.</summary>
            public const string FileMissing = "file_missing";

            /// <summary>The file to create, or the target of a rename or copy, exists.</summary>
            public const string AlreadyExists = "already_exists";

            /// <summary>The old text does not stand in the file.</summary>
            public const string NotFound = "not_found";

            /// <summary>The old text stands several times and nothing singles one out.</summary>
            public const string Ambiguous = "ambiguous";

            /// <summary>An insertion that names no neighbouring line.</summary>
            public const string NoContext = "no_context";

            /// <summary>The old text is gone and the new text stands there: the edit seems to be in place already.</summary>
            public const string AlreadyApplied = "already_applied";

            /// <summary>Two hunks change the same lines differently.</summary>
            public const string Overlap = "overlap";

            /// <summary>Two sections, or two headers of one section, contradict each other.</summary>
            public const string SectionsDisagree = "sections_disagree";

            /// <summary>Lines are left out where the patch adds or removes lines.</summary>
            public const string ElisionInChange = "elision_in_change";

            /// <summary>Added lines are indented with spaces where the file has tabs, or the other way round, and nothing shows that this is meant.</summary>
            public const string Indentation = "indentation";

            /// <summary>The file to delete is not the one the patch shows.</summary>
            public const string DeletedFileChanged = "deleted_file_changed";

            /// <summary>The file is not the one the patch was made from, and the base is not at hand.</summary>
            public const string StaleBase = "stale_base";

            /// <summary>The base at hand is not the one the patch was made from.</summary>
            public const string BaseMismatch = "base_mismatch";

            /// <summary>A binary difference without its data, or with data that does not fit the file.</summary>
            public const string BinaryMismatch = "binary_mismatch";

            /// <summary>The file's mode is not the one the patch starts from.</summary>
            public const string ModeMismatch = "mode_mismatch";

            /// <summary>The new text cannot be written in the file's encoding.</summary>
            public const string Encoding = "encoding";

            /// <summary>The changed file no longer parses.</summary>
            public const string Syntax = "syntax";
        }
    }
}
