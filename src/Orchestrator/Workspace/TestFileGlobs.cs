using Microsoft.Extensions.FileSystemGlobbing;

namespace Orchestrator;

/// <summary>Tells files that hold tests from all others, by globs such as <c>**/tests/**</c>.</summary>
/// <remarks>Immutable. Letters match in either case, whatever the culture.</remarks>
internal sealed class TestFileGlobs
{
    private readonly Matcher _matcher = new(StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes one from globs relative to the repository's root.</summary>
    public TestFileGlobs(IEnumerable<string> globs) => _matcher.AddIncludePatterns(globs);

    /// <summary>What holds tests by the customs of C#, Python, JavaScript, TypeScript, Go, Rust, Java, Kotlin and Ruby.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "**/test/**", "**/tests/**", "**/__tests__/**", "**/spec/**", "**/*.Tests/**", "**/*.Test/**", "**/*.UnitTests/**", "**/*.IntegrationTests/**",
        "**/*Test.cs", "**/*Tests.cs", "**/*Test.java", "**/*Tests.java", "**/*IT.java", "**/*Test.kt", "**/*Tests.kt",
        "**/test_*.py", "**/*_test.py", "**/conftest.py", "**/*_test.go", "**/*_test.rs", "**/*_spec.rb", "**/*_test.rb",
        "**/*.test.js", "**/*.test.jsx", "**/*.test.ts", "**/*.test.tsx", "**/*.test.mjs", "**/*.test.cjs",
        "**/*.spec.js", "**/*.spec.jsx", "**/*.spec.ts", "**/*.spec.tsx", "**/*.spec.mjs", "**/*.spec.cjs",
    ];

    /// <summary>Whether a path holds tests.</summary>
    public bool Matches(RepoPath path) => _matcher.Match(path.Value).HasMatches;
}
