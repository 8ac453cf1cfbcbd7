using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Patching;

/// <summary>Git's names for contents, as <c>index</c> lines state them. They prove what a patch was made from; they protect nothing.</summary>
internal static class GitBlob
{
    private const string EmptySha1 = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    private const string EmptySha256 = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813";

    public static bool IsEmpty(string? name) => name is { Length: >= 7 } && (EmptySha1.StartsWith(name, StringComparison.Ordinal) || EmptySha256.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Whether a name states no content at all.</summary>
    public static bool IsNull(string? name) => name is null || name.All(c => c == '0');

    /// <summary>Whether the name, perhaps shortened, is that of the content.</summary>
    public static bool Names(string? name, ReadOnlySpan<byte> content)
    {
        if (name is not { Length: >= 7 and <= 64 } || IsNull(name))
            return false;
        return Name(content, name.Length > 40 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1).StartsWith(name, StringComparison.Ordinal)
            || (name.Length <= 40 && Name(content, HashAlgorithmName.SHA256).StartsWith(name, StringComparison.Ordinal));
    }

    public static string Name(ReadOnlySpan<byte> content) => Name(content, HashAlgorithmName.SHA1);

    private static string Name(ReadOnlySpan<byte> content, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
