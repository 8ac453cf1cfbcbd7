namespace Orchestrator.Patching;

/// <summary>What a patch may do and how much may differ.</summary>
public sealed record PatchOptions
{
    /// <summary>Every tolerance on, no links, no submodules, default limits.</summary>
    public static PatchOptions Default { get; } = new();

    /// <summary>The tolerances in force.</summary>
    public PatchTolerances Tolerances { get; init; } = PatchTolerances.All;

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
}
