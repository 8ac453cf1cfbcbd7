namespace Orchestrator.Patching;

/// <summary>Whether git's own name of the result, stated in the <c>index</c> line, says that the hunks are complete and literal.</summary>
internal static class Proof
{
    public static bool Holds(FileEdit edit, LineTable text, ReadOnlyMemory<byte> content)
    {
        if (GitBlob.IsNull(edit.NewBlob))
            return false;
        var file = new LineTable(content);
        var ladder = new Ladder(new FileIndex(file, edit.Hunks, text), text, PatchOptions.Tolerance.None);
        var splices = new List<Splice>();
        foreach (var hunk in edit.Hunks)
        {
            var outcome = ladder.Place(hunk);
            if (outcome.Places.Count == 0)
                return false;
            Splice.AddFrom(outcome.Places[0], splices);
        }
        return Splicer.Order(splices, text) is null && Splicer.Write(file, splices, text) is { } result && GitBlob.Names(edit.NewBlob, result.Span);
    }
}
