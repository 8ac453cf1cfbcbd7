namespace Orchestrator.Patching;

internal enum EditKind
{
    Modify,
    Create,
    Delete,
    Rename,
    Copy,

    /// <summary>The whole content, whether the file exists or not.</summary>
    Write,
}

/// <summary>What a patch does to one file.</summary>
internal sealed record FileEdit(EditKind Kind, string Path)
{
    /// <summary>Where a rename or copy reads from.</summary>
    public string? Source { get; init; }

    /// <summary>Other readings of a path whose prefix is not certain; the tree decides.</summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [];

    /// <summary>The header's names as they stood, where a canonical header would lose their doubt.</summary>
    public (string Old, string New)? Names { get; init; }

    /// <summary>The header had no <c>diff --git</c> line and its path is in doubt.</summary>
    public bool IsPlain { get; init; }

    public IReadOnlyList<Hunk> Hunks { get; init; } = [];

    public BinaryDelta? Binary { get; init; }

    /// <summary>The content of a <see cref="EditKind.Write"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Whether <see cref="Content"/> came as text, so that line ends and byte order mark stay the file's own.</summary>
    public bool ContentIsText { get; init; }

    public string? OldMode { get; init; }

    public string? NewMode { get; init; }

    /// <summary>Git's names of the contents before and after, as far as the patch gives them.</summary>
    public string? OldBlob { get; init; }

    public string? NewBlob { get; init; }

    /// <summary>SHA-256 of the file the edit was made from; empty string for "did not exist".</summary>
    public string? BaseHash { get; init; }

    /// <summary>A creation that may as well fill a file that exists and is empty.</summary>
    public bool MayFill { get; init; }

    /// <summary>A deletion in a format that shows the old content, so that a missing content is suspicious.</summary>
    public bool NeedsContent { get; init; }

    public int PatchLine { get; init; }

    /// <summary>The path whose content is the start.</summary>
    public string ReadPath => Source ?? Path;
}
