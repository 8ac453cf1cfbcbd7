namespace Orchestrator.Patching;

internal enum LineKind : byte
{
    Context,
    Delete,
    Add,
}

/// <summary>One line of a hunk: a stretch of the patch text without prefix and without line feed. A carriage return belongs to it.</summary>
internal readonly record struct HunkLine(LineKind Kind, int Start, int Length)
{
    /// <summary>Followed by "\ No newline at end of file".</summary>
    public bool NoNewline { get; init; }

    /// <summary>A context line written without its leading space.</summary>
    public bool LostPrefix { get; init; }

    public bool IsOld => Kind is LineKind.Context or LineKind.Delete;

    public bool IsNew => Kind is LineKind.Context or LineKind.Add;

    public HunkLine With(LineKind kind) => this with { Kind = kind };
}
