namespace Orchestrator.Patching;

/// <summary>Turns edits round: what was added is removed, and the other way.</summary>
internal static class PatchReverser
{
    public static PatchSet Reverse(PatchSet patch)
    {
        if (patch.Problems.Count > 0)
            throw new InvalidOperationException("A patch with problems cannot be reversed; see PatchSet.Problems.");
        return new(patch.Text, [.. patch.Edits.Select(Reverse)], []);
    }

    private static FileEdit Reverse(FileEdit edit)
    {
        if (edit.Kind == EditKind.Write || (edit.Kind == EditKind.Delete && edit.Hunks.Count == 0 && edit.Binary is null && !GitBlob.IsEmpty(edit.OldBlob)))
            throw new InvalidOperationException($"The edit of {edit.Path} does not hold the old content, so it cannot be reversed.");
        var binary = edit.Binary?.Reverse();
        if (edit.Binary is not null && binary is null)
            throw new InvalidOperationException($"The binary edit of {edit.Path} holds one direction only, so it cannot be reversed.");
        var reversed = edit with
        {
            Hunks = [.. edit.Hunks.Select(hunk => hunk.Reverse())],
            Binary = binary,
            OldMode = edit.NewMode,
            NewMode = edit.OldMode,
            OldBlob = edit.NewBlob,
            NewBlob = edit.OldBlob,
            BaseHash = null,
        };
        return edit.Kind switch
        {
            EditKind.Modify => reversed,
            EditKind.Create => reversed with { Kind = EditKind.Delete },
            EditKind.Delete => reversed with { Kind = EditKind.Create },
            EditKind.Rename => reversed with { Path = edit.ReadPath, Source = edit.Path },
            // The copy held the source's lines, so undoing it needs no more than its name.
            EditKind.Copy => throw new InvalidOperationException($"The copy to {edit.Path} does not hold its content, so it cannot be reversed."),
            _ => throw new System.Diagnostics.UnreachableException($"No edit is of kind {edit.Kind}."),
        };
    }
}
