namespace Orchestrator;

/// <summary>Finds the repository that a scope names, and what is wrong where it cannot be opened. Changes nothing.</summary>
internal sealed class RepositoryLocator(string executable, IReadOnlyDictionary<string, GitRepositoryOptions> registered, GitRepositoryOptions? byPath)
{
    /// <summary>Finds the repository and the commit to start from.</summary>
    /// <exception cref="OrchestratorException">It cannot be opened; the message says why and what to do.</exception>
    public async ValueTask<LocatedRepository> FindAsync(TaskRequest.RepoScope scope, CancellationToken cancellationToken)
    {
        var (name, options) = Choose(scope.Repo);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Path));
        if (!Directory.Exists(path))
        {
            throw new OrchestratorException($"Repository {name}: the folder '{path}' does not exist. Correct its path, or clone the repository there.");
        }

        var git = new GitCli(executable, path, ["-C", path]);
        var facts = await git.RunAsync(
            ["rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--is-shallow-repository", "--show-object-format", "--path-format=absolute", "--git-common-dir", "--git-dir", "--show-prefix"],
            cancellationToken).ConfigureAwait(false);
        if (!facts.Succeeded || facts.Lines is not [var bare, var inside, _, var format, var common, var own, ..])
        {
            throw new OrchestratorException($"Repository {name}: '{path}' is not one that git can open ({facts.Error}). Run 'git init' there and commit, or correct the path.");
        }

        if (facts.Lines is [_, _, _, _, _, _, { Length: > 0 } prefix])
        {
            throw new OrchestratorException($"Repository {name}: '{path}' is the folder '{prefix.TrimEnd('/')}' inside a repository. Name the repository's root, and say in the test command and the task's paths which part of it is meant.");
        }

        var (commit, tree) = await ResolveAsync(git, name, path, scope.Revision, cancellationToken).ConfigureAwait(false);
        return new LocatedRepository(name, options, path, common, own, format, bare == "true" || inside == "false", commit, tree);
    }

    private (string Name, GitRepositoryOptions Options) Choose(string repo)
    {
        if (registered.TryGetValue(repo, out var options))
        {
            return ($"'{repo}'", options);
        }

        if (repo.Length == 0 && registered.Count == 1)
        {
            return ($"'{registered.Keys.First()}'", registered.Values.First());
        }

        if (repo.Length > 0 && byPath is not null)
        {
            return ($"'{repo}'", byPath with { Path = repo });
        }

        var names = registered.Count == 0 ? "none is registered; register one with UseGit(git => git.AddRepository(...))" : $"registered are {string.Join(", ", registered.Keys.Order(StringComparer.Ordinal).Select(key => $"'{key}'"))}";
        throw new OrchestratorException(repo.Length == 0 ? $"The task names no repository, and {names}. Name one in its scope." : $"Repository '{repo}' is unknown: {names}.");
    }

    private static async ValueTask<(string Commit, string Tree)> ResolveAsync(GitCli git, string name, string path, string revision, CancellationToken cancellationToken)
    {
        var start = revision.Length == 0 ? "HEAD" : revision;
        var commit = await git.RunAsync(["rev-parse", "--verify", "--quiet", "--end-of-options", start + "^{commit}"], cancellationToken).ConfigureAwait(false);
        var tree = commit.Succeeded
            ? await git.RunAsync(["rev-parse", "--verify", "--quiet", commit.Line + "^{tree}"], cancellationToken).ConfigureAwait(false)
            : commit;
        if (tree.Succeeded)
        {
            return (commit.Line, tree.Line);
        }

        throw new OrchestratorException(revision.Length == 0
            ? $"Repository {name}: '{path}' has no commit to start from ({(commit.Error.Length == 0 ? "its HEAD is unborn" : commit.Error)}). Commit something first, or name a revision."
            : $"Repository {name}: there is no commit '{revision}' in '{path}'. Fetch it first, or name another revision.");
    }
}
