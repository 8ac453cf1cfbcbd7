namespace Orchestrator.Patching;

/// <summary>The line <c>base-sha256 HASH PATH</c> with which a written patch carries the hash of a file it was made from. Git takes it for prose.</summary>
internal static class BaseLine
{
    public const string Missing = "none";

    public static bool TryRead(PatchText text, int at)
    {
        var line = text.Header(at);
        if (!line.StartsWith("base-sha256 "u8))
            return false;
        line = line["base-sha256 ".Length..];
        var blank = line.IndexOf((byte)' ');
        if (blank < 0)
            return false;
        var hash = System.Text.Encoding.ASCII.GetString(line[..blank]);
        var path = QuotedPath.Read(line[(blank + 1)..], out _);
        if (path is null || (hash != Missing && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower))))
            return false;
        text.Bases[path] = hash == Missing ? "" : hash;
        return true;
    }

    public static string Write(string path, string hash) => $"base-sha256 {(hash.Length == 0 ? Missing : hash)} {QuotedPath.Write("", path)}\n";
}
