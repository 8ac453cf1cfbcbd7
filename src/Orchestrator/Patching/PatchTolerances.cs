namespace Orchestrator.Patching;

/// <summary>What may differ between a patch and the file it is for. Each one can be switched off, to measure what it buys; in a report it names the rung a hunk was accepted on.</summary>
/// <remarks>The order is the order of the ladder: a hunk is accepted on the lowest rung it fits, and reports the highest tolerance it needed.</remarks>
[Flags]
public enum PatchTolerances
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
