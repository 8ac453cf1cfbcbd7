namespace Orchestrator;

/// <summary>A repository that can be opened, and where a run would start in it.</summary>
/// <param name="Name">How messages call it, quoted.</param>
/// <param name="Options">Its settings.</param>
/// <param name="Path">The user's checkout, or the bare repository.</param>
/// <param name="CommonFolder">Where git keeps its objects and refs.</param>
/// <param name="OwnFolder">Where git keeps what belongs to this checkout alone; the common folder unless it is a linked worktree.</param>
/// <param name="ObjectFormat"><c>sha1</c> or <c>sha256</c>.</param>
/// <param name="Bare">Whether it has no checkout.</param>
/// <param name="Commit">The commit that the scope's revision names.</param>
/// <param name="Tree">That commit's tree.</param>
internal sealed record LocatedRepository(
    string Name, GitRepositoryOptions Options, string Path, string CommonFolder, string OwnFolder, string ObjectFormat, bool Bare, string Commit, string Tree)
{
    /// <summary>The folder of its objects.</summary>
    public string Objects => System.IO.Path.Combine(CommonFolder, "objects");

    /// <summary>The id of no object at all, which says "must not exist yet" to git.</summary>
    public string NoObject => new('0', Commit.Length);
}
