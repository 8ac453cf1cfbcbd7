namespace Orchestrator.Cli;

/// <summary>The user's repository, as far as a command has to know it before anything starts.</summary>
internal sealed record Repository(string Root, bool Bare, string GitFolder, string CommonFolder, Git Git)
{
    private static readonly (string Name, string What)[] Interrupted =
    [
        ("MERGE_HEAD", "merge"), ("rebase-merge", "rebase"), ("rebase-apply", "rebase"), ("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert"),
    ];

    /// <summary>Finds the repository.</summary>
    /// <param name="surroundings">Where the command was given.</param>
    /// <param name="path">The repository's root as the user wrote it; <see langword="null"/> for the one that the current folder is in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Repository> FindAsync(Surroundings surroundings, string? path, CancellationToken cancellationToken)
    {
        var folder = Path.TrimEndingDirectorySeparator(surroundings.FullPath(path ?? "."));
        if (!Directory.Exists(folder))
        {
            throw CliException.BadInput($"--repo: there is no folder '{folder}'.");
        }

        var git = new Git(folder);
        var facts = await git.RunAsync(cancellationToken, "rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--path-format=absolute", "--git-dir", "--git-common-dir", "--show-prefix").ConfigureAwait(false);
        if (!facts.Succeeded || facts.Text.Split('\n') is not [var bare, var inside, var own, var common, var prefix, ..])
        {
            throw CliException.BadInput($"--repo: '{folder}' is not a git repository ({facts.Error}). Give a repository's root, or run 'git init' there and commit.");
        }

        var isBare = bare == "true" || inside == "false";
        if (prefix.Length > 0)
        {
            var root = (await git.DemandAsync(cancellationToken, "rev-parse", "--show-toplevel").ConfigureAwait(false)).Line;
            if (path is not null)
            {
                throw CliException.BadInput($"--repo: '{folder}' is the folder '{prefix.TrimEnd('/')}' inside the repository '{root}'. Give the root, and say with --paths which part is meant.");
            }

            folder = root;
            git = new Git(root);
        }

        return new Repository(folder, isBare, own, common, git);
    }

    /// <summary>What is under way in the checkout (a merge, a rebase); <see langword="null"/> for nothing.</summary>
    public string? UnderWay => Interrupted.FirstOrDefault(state => Path.Exists(Path.Combine(GitFolder, state.Name))).What;

    /// <summary>Refuses what a run cannot work on or would surely misunderstand.</summary>
    /// <param name="revision">The revision that the user chose; with one, the state of the checkout does not matter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the user should know.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(string revision, CancellationToken cancellationToken)
    {
        if (!FileSystem.IsWritable(Path.Combine(CommonFolder, "objects")) || !FileSystem.IsWritable(Path.Combine(CommonFolder, "refs")))
        {
            throw CliException.BadInput($"--repo: '{CommonFolder}' cannot be written by this user, and a run keeps its branch and commits there. Make it writable, or work on a clone.");
        }

        var start = await Git.RunAsync(cancellationToken, "rev-parse", "--verify", "--quiet", "--end-of-options", (revision.Length == 0 ? "HEAD" : revision) + "^{commit}").ConfigureAwait(false);
        if (!start.Succeeded)
        {
            throw CliException.BadInput(revision.Length == 0
                ? $"--repo: '{Root}' has no commit to start from. Commit something first."
                : $"--revision: there is no commit '{revision}' in '{Root}'.");
        }

        if (revision.Length > 0)
        {
            return [];
        }

        if (Bare)
        {
            throw CliException.BadInput($"--repo: '{Root}' is a bare repository, without a checkout to say where to start. Give a clone with a checkout, or name a commit or branch with --revision.");
        }

        if (UnderWay is { } what)
        {
            throw CliException.BadInput($"--repo: a {what} is under way in '{Root}'. Finish it, give it up with 'git {what} --abort', or name the commit to start from with --revision HEAD.");
        }

        var branch = await Git.RunAsync(cancellationToken, "symbolic-ref", "--quiet", "HEAD").ConfigureAwait(false);
        return branch.Succeeded ? [] : [$"HEAD is detached; the run starts from {start.Line[..10]}."];
    }
}
