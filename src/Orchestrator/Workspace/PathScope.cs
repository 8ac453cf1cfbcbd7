using Microsoft.Extensions.FileSystemGlobbing;

namespace Orchestrator;

/// <summary>A set of paths, given as globs relative to the repository's root (<c>app/**</c>, <c>**/*.cs</c>). Without globs it holds every path.</summary>
internal sealed class PathScope
{
    private readonly Matcher? _matcher;

    public PathScope(IReadOnlyList<string> globs)
    {
        Globs = globs;
        if (globs.Count > 0)
        {
            _matcher = new Matcher(StringComparison.Ordinal);
            foreach (var glob in globs)
            {
                // A folder's name means everything below it.
                _matcher.AddInclude(glob.EndsWith('/') ? glob + "**" : glob);
                if (!glob.AsSpan().ContainsAny('*', '?') && !glob.EndsWith('/'))
                {
                    _matcher.AddInclude(glob + "/**");
                }
            }
        }
    }

    public IReadOnlyList<string> Globs { get; }

    public bool Contains(RepoPath path) => _matcher is null || _matcher.Match(path.Value).HasMatches;
}
