using System.Text;

namespace Orchestrator.Patching;

/// <summary>Which paths a patch may name: relative, spelt one way, the same file on every system, and never git's own folder.</summary>
/// <remarks>The disguises of <c>.git</c> follow git's own checks for HFS+ and NTFS (git's <c>core.protectHFS</c> and <c>core.protectNTFS</c>), always on.</remarks>
internal static class PathRules
{
    private static readonly HashSet<string> _devices = new(StringComparer.OrdinalIgnoreCase) { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$" };

    /// <summary>What is wrong with a path, or null.</summary>
    public static string? Problem(string path)
    {
        if (path.Length == 0)
            return "is empty";
        if (path.Length > 4096)
            return "is longer than 4096 characters";
        foreach (var c in path)
        {
            if (c is < ' ' or '\u007f')
                return "holds a control character";
            if (c == '\\')
                return "holds a backslash";
            if (c == ':')
                return "holds a colon, which names a drive or a stream on Windows";
            if (c == '\uFFFD')
                return "is not valid UTF-8";
        }
        if (path[0] == '/')
            return "is absolute";
        if (path[0] == '~' && (path.Length == 1 || path[1] == '/'))
            return "begins in a home folder";
        foreach (var part in path.Split('/'))
        {
            if (PartProblem(part) is { } problem)
                return problem;
        }
        return null;
    }

    private static string? PartProblem(string part) => part switch
    {
        "" => "has an empty part",
        "." or ".." => "has a '.' or '..' part",
        _ when part[^1] is '.' or ' ' => "has a part that ends in a dot or a space",
        _ when part[0] == ' ' => "has a part that begins with a space",
        _ when part.Length > 255 => "has a part longer than 255 characters",
        _ when IsGit(part) => "reaches into git's own folder",
        _ when IsDevice(part) => "names a device",
        _ => null,
    };

    private static bool IsDevice(string part)
    {
        var stem = part.Split('.')[0].TrimEnd(' ');
        if (_devices.Contains(stem))
            return true;
        return stem.Length == 4 && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)) && stem[3] is (>= '0' and <= '9') or '\u00b9' or '\u00b2' or '\u00b3';
    }

    /// <summary>Whether some file system takes the name for <c>.git</c>, or for the short name it gives it.</summary>
    private static bool IsGit(string part)
    {
        var plain = new StringBuilder(part.Length);
        foreach (var rune in part.EnumerateRunes())
        {
            if (!IsIgnorable(rune))
                plain.Append(Fold(rune));
        }
        var name = plain.ToString().TrimEnd('.', ' ');
        return name.Equals(".git", StringComparison.OrdinalIgnoreCase) || name.StartsWith("git~", StringComparison.OrdinalIgnoreCase) && name.Length > 4 && name.AsSpan(4).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>Code points that HFS+ leaves out when it compares names, and others that cannot be seen.</summary>
    private static bool IsIgnorable(Rune rune) => rune.Value is 0x00AD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180B or 0x180C or 0x180D or 0x180E
        or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0
        or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>Forms of the characters of ".git~1" that compatibility normalisation makes alike.</summary>
    private static string Fold(Rune rune)
    {
        // Code points that are no characters have no normal form.
        if (rune.IsAscii || (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF)
            return rune.ToString();
        if (rune.Value is >= 0xFF01 and <= 0xFF5E)
            return ((char)(rune.Value - 0xFEE0)).ToString();
        return rune.Value is 0x2024 or 0xFE52 ? "." : rune.ToString().Normalize(NormalizationForm.FormKC);
    }
}
