namespace Orchestrator.Patching;

/// <summary>A stretch of the base with what each side made of it.</summary>
internal readonly record struct MergeChunk(int BaseStart, int BaseEnd, int OurStart, int OurEnd, int TheirStart, int TheirEnd, bool OursChanged, bool TheirsChanged)
{
    /// <summary>Brings two edit scripts of one base together (diff3: S. Khanna, K. Kunal, B. C. Pierce, "A Formal Investigation of Diff3", 2007). Changes that touch form one chunk.</summary>
    public static List<MergeChunk> Of(List<LineChange> ours, List<LineChange> theirs)
    {
        var chunks = new List<MergeChunk>();
        var (i, j) = (0, 0);
        var (ourShift, theirShift) = (0, 0);
        while (i < ours.Count || j < theirs.Count)
        {
            var start = Math.Min(i < ours.Count ? ours[i].OldStart : int.MaxValue, j < theirs.Count ? theirs[j].OldStart : int.MaxValue);
            var end = start;
            var (ourBefore, theirBefore) = (ourShift, theirShift);
            var (ourFrom, theirFrom) = (i, j);
            while (true)
            {
                if (i < ours.Count && ours[i].OldStart <= end)
                {
                    end = Math.Max(end, ours[i].OldEnd);
                    ourShift = ours[i].NewEnd - ours[i].OldEnd;
                    i++;
                }
                else if (j < theirs.Count && theirs[j].OldStart <= end)
                {
                    end = Math.Max(end, theirs[j].OldEnd);
                    theirShift = theirs[j].NewEnd - theirs[j].OldEnd;
                    j++;
                }
                else
                {
                    break;
                }
            }
            chunks.Add(new(start, end, start + ourBefore, end + ourShift, start + theirBefore, end + theirShift, i > ourFrom, j > theirFrom));
        }
        return chunks;
    }
}
