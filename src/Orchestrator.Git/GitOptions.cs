namespace Orchestrator;

/// <summary>Names the git repositories that tasks may work on, and how git is used.</summary>
public sealed class GitOptions
{
    internal Dictionary<string, GitRepositoryOptions> Repositories { get; } = new(StringComparer.Ordinal);

    /// <summary>The settings of repositories that tasks name by their path; <see langword="null"/>, the default, allows registered names only.</summary>
    /// <remarks>The path in it is not used. Set it only where whoever submits tasks may read every repository of this machine, as on a command line.</remarks>
    public GitRepositoryOptions? AllowPaths { get; set; }

    /// <summary>The git program.</summary>
    public string Executable { get; set; } = "git";

    /// <summary>The folder that holds the checkouts in which commands run; empty for one of the user's under the system's temporary folder.</summary>
    public string CheckoutFolder { get; set; } = "";

    /// <summary>Registers a repository under the name that tasks use for it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The repository's root, or a bare repository; relative to the process's current folder.</param>
    /// <param name="test">The shell command that verifies it; empty if nothing can be verified.</param>
    /// <param name="setUp">The shell command that prepares a fresh checkout, such as <c>npm ci</c>; empty for none.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public GitOptions AddRepository(string name, string path, string test = "", string setUp = "") =>
        AddRepository(name, new GitRepositoryOptions(path) { Test = test, SetUp = setUp });

    /// <summary>Registers a repository with all its settings under the name that tasks use for it.</summary>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public GitOptions AddRepository(string name, GitRepositoryOptions repository)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(repository);
        if (!Repositories.TryAdd(name, repository))
        {
            throw new ArgumentException($"A repository '{name}' is registered already, at '{Repositories[name].Path}'; give each its own name.", nameof(name));
        }

        return this;
    }
}
