using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>A path inside a repository: relative, with <c>/</c> between its parts, never leaving the repository.</summary>
/// <remarks>Compared byte for byte, as git does.</remarks>
[JsonConverter(typeof(RepoPathJsonConverter))]
public readonly record struct RepoPath : IParsable<RepoPath>, IComparable<RepoPath>
{
    private readonly string? _value;

    private RepoPath(string value) => _value = value;

    /// <summary>The path as git writes it.</summary>
    public string Value => _value ?? "";

    /// <summary>The last part of the path.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <inheritdoc/>
    public int CompareTo(RepoPath other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The path is empty, absolute, leaves the repository, or has a part that no repository may hold.</exception>
    public static RepoPath Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var path)
            ? path
            : throw new FormatException($"'{s}' is not a path inside a repository; write it relative to the root, with '/' and without '..'.");

    /// <summary>Reads a path and says whether that was possible.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RepoPath result)
    {
        result = default;
        if (string.IsNullOrEmpty(s) || s[0] == '/' || s[^1] == '/' || s.AsSpan().ContainsAny('\\', '\0'))
        {
            return false;
        }

        foreach (var part in s.AsSpan().Split('/'))
        {
            if (s.AsSpan(part) is "" or "." or ".." || s.AsSpan(part).Equals(".git", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        result = new RepoPath(s);
        return true;
    }

    /// <summary>Whether one path sorts before another.</summary>
    public static bool operator <(RepoPath left, RepoPath right) => left.CompareTo(right) < 0;

    /// <summary>Whether one path sorts after another.</summary>
    public static bool operator >(RepoPath left, RepoPath right) => left.CompareTo(right) > 0;

    /// <summary>Whether one path sorts before another or is the same.</summary>
    public static bool operator <=(RepoPath left, RepoPath right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one path sorts after another or is the same.</summary>
    public static bool operator >=(RepoPath left, RepoPath right) => left.CompareTo(right) >= 0;
}
