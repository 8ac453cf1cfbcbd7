namespace Orchestrator.Patching;

/// <summary>What a patch may do and how much may differ.</summary>
public sealed record PatchOptions
{
    /// <summary>Every tolerance on, no links, no submodules, default limits.</summary>
    public static PatchOptions Default { get; } = new();

    /// <summary>The tolerances in force.</summary>
    public Tolerance Tolerances { get; init; } = Tolerance.All;

    /// <summary>Whether symbolic links may be made, changed or removed. Links that leave the tree or reach into <c>.git</c> are refused all the same.</summary>
    public bool AllowSymlinks { get; init; }

    /// <summary>Whether submodule entries may be made, changed or removed.</summary>
    public bool AllowSubmodules { get; init; }

    /// <summary>A check of every changed file in its own language: path and new bytes in, diagnostics out. Any diagnostic refuses the patch.</summary>
    public Func<string, ReadOnlyMemory<byte>, IReadOnlyList<string>>? SyntaxGate { get; init; }

    /// <summary>How large a patch and what it makes may be.</summary>
    public Limits Limit { get; init; } = new();

    /// <summary>The bounds that a patch has to stay inside; above one it is refused before any work is done on its behalf.</summary>
    public sealed record Limits
    {
        /// <summary>Bytes of patch text.</summary>
        public int PatchBytes { get; init; } = 16 * 1024 * 1024;

        /// <summary>Lines of patch text, and the largest count a hunk header may state.</summary>
        public int PatchLines { get; init; } = 200_000;

        /// <summary>Files in one patch.</summary>
        public int Files { get; init; } = 5_000;

        /// <summary>Hunks in one patch.</summary>
        public int Hunks { get; init; } = 20_000;

        /// <summary>Bytes of all binary contents of one patch together, once inflated.</summary>
        public int InflatedBytes { get; init; } = 32 * 1024 * 1024;

        /// <summary>Bytes of any file that is read or made.</summary>
        public int FileBytes { get; init; } = 256 * 1024 * 1024;

        /// <summary>The largest line number a hunk header may state.</summary>
        public int LineNumber { get; init; } = 99_999_999;
    }

    /// <summary>What may differ between a patch and the file it is for. Each one can be switched off, to measure what it buys; in a report it names the rung a hunk was accepted on.</summary>
    /// <remarks>The order is the order of the ladder: a hunk is accepted on the lowest rung it fits, and reports the highest tolerance it needed.</remarks>
    [Flags]
    public enum Tolerance
    {
        /// <summary>The old text stands at the stated line, byte for byte. As a rung: exact.</summary>
        None = 0,

        /// <summary>The old text stands once, but not at the stated line, or no line is stated.</summary>
        LineOffset = 1,

        /// <summary>The counts of a hunk header disagree with the hunk's body, which is counted anew.</summary>
        RecountedHeader = 2,

        /// <summary>Context lines have lost their leading space, or trailing blanks differ.</summary>
        WhitespaceDrift = 4,

        /// <summary>CRLF stands for LF or the other way round, or the mark for a missing last newline is absent.</summary>
        LineEndings = 8,

        /// <summary>The whole hunk is indented by the same amount more or less than the file, or with blanks for tabs.</summary>
        Reindentation = 16,

        /// <summary>Outer context lines do not fit the file and are set aside; enough distinctive lines have to remain.</summary>
        ReducedContext = 32,

        /// <summary>Context lines are left out and marked with an ellipsis.</summary>
        ElidedLines = 64,

        /// <summary>Every tolerance.</summary>
        All = LineOffset | RecountedHeader | WhitespaceDrift | LineEndings | Reindentation | ReducedContext | ElidedLines,
    }
}
