namespace Orchestrator;

/// <summary>Says which repository a task works on, and what in it may be written.</summary>
public sealed record TaskScope
{
    /// <summary>The name under which a repository was registered, or its path where the workspace provider takes paths; empty is allowed where exactly one is registered.</summary>
    public string Repo { get; init => field = value ?? ""; } = "";

    /// <summary>Globs of the paths that the task may write (<c>app/drafts/**</c>); empty means the whole repository.</summary>
    public IReadOnlyList<string> Paths { get; init => field = value ?? []; } = [];

    /// <summary>The revision to start from; empty for the repository's current one.</summary>
    public string Revision { get; init => field = value ?? ""; } = "";
}
