namespace Orchestrator.Patching;

/// <summary>Singles out a place by the lines named above it, such as <c>@@ class Store</c> and <c>@@ def save</c>.</summary>
/// <remarks>An anchor covers the lines behind it that are indented deeper. Taking just the next place behind it would be a guess.</remarks>
internal static class AnchorScope
{
    /// <summary>The only place inside the scopes of the anchors, or null.</summary>
    public static int? Narrow(LineTable file, IReadOnlyList<string> anchors, List<int> places)
    {
        var scopes = new List<(int Start, int End)> { (0, file.Count) };
        foreach (var anchor in anchors)
        {
            scopes = Inside(file, System.Text.Encoding.UTF8.GetBytes(anchor), scopes);
            if (scopes.Count == 0)
                return null;
        }
        int? found = null;
        foreach (var place in places)
        {
            if (!scopes.Exists(scope => place >= scope.Start && place < scope.End))
                continue;
            if (found is not null)
                return null;
            found = place;
        }
        return found;
    }

    private static List<(int Start, int End)> Inside(LineTable file, byte[] anchor, List<(int Start, int End)> outer)
    {
        var scopes = new List<(int, int)>();
        foreach (var (start, end) in outer)
        {
            for (var line = start; line < end; line++)
            {
                var content = Trim.Both(file[line]);
                if (content.SequenceEqual(Trim.Both(anchor)) || Opens(content, anchor))
                    scopes.Add((line, EndOf(file, line, end)));
            }
        }
        return scopes;
    }

    /// <summary>An anchor may leave out the bracket or colon with which its line opens a block.</summary>
    private static bool Opens(ReadOnlySpan<byte> content, byte[] anchor)
    {
        var wanted = Trim.Both(anchor);
        return content.StartsWith(wanted) && Trim.Both(content[wanted.Length..]) is var rest && (rest.SequenceEqual("{"u8) || rest.SequenceEqual(":"u8));
    }

    private static int EndOf(LineTable file, int anchor, int limit)
    {
        var depth = Trim.Indent(file[anchor]).Length;
        for (var line = anchor + 1; line < limit; line++)
        {
            var content = file[line];
            if (!Trim.IsBlank(content) && Trim.Indent(content).Length <= depth && Trim.Both(content)[0] is not ((byte)'{' or (byte)')' or (byte)'}' or (byte)']'))
                return line;
        }
        return limit;
    }
}
