namespace Orchestrator.Patching;

/// <summary>One file as git has it: its bytes and its mode.</summary>
/// <param name="Content">The bytes, in whatever encoding the file has. For a symbolic link, the target.</param>
/// <param name="Mode">The mode in git's octal spelling, such as <see cref="Regular"/>.</param>
/// <remarks>Immutable as long as the caller leaves the memory alone. Equality is by reference to the memory, not by content.</remarks>
public sealed record PatchFile(ReadOnlyMemory<byte> Content, string Mode = PatchFile.Regular)
{
    /// <summary>An ordinary file.</summary>
    public const string Regular = "100644";

    /// <summary>A file that may be executed.</summary>
    public const string Executable = "100755";

    /// <summary>A symbolic link.</summary>
    public const string Symlink = "120000";

    /// <summary>A commit of another repository.</summary>
    public const string Submodule = "160000";
}
