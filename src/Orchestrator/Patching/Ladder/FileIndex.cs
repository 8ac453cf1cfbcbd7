namespace Orchestrator.Patching;

/// <summary>Finds every place where a run of lines stands in a file. One pass over the file per level, whatever the number of hunks.</summary>
internal sealed class FileIndex
{
    /// <summary>Lines compared for one file before placing is given up: a bound against texts made to be slow.</summary>
    private const long MaxWork = 500_000_000;

    private readonly Level?[] _levels = new Level[4];
    private readonly IReadOnlyList<Hunk> _hunks;
    private readonly LineTable _text;
    private long _work;

    public FileIndex(LineTable file, IReadOnlyList<Hunk> hunks, LineTable text) => (File, _hunks, _text) = (file, hunks, text);

    public LineTable File { get; }

    /// <summary>Whether the bound on work was hit, so that a count of places cannot be trusted.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>Every line at which the text stands, in order, up to a limit.</summary>
    public List<int> Find(OldText text, MatchLevel level, int limit = int.MaxValue)
    {
        var places = new List<int>();
        if (text.Count == 0 || text.Count > File.Count)
            return places;
        var index = _levels[(int)level] ??= new(File, Wanted(level), level);
        var hashes = text.Hashes(level);
        var rarest = 0;
        var fewest = int.MaxValue;
        for (var i = 0; i < hashes.Length && fewest > 0; i++)
        {
            var count = index.CountOf(hashes[i]);
            if (count < fewest)
                (rarest, fewest) = (i, count);
        }
        if (fewest == 0)
            return places;
        for (var at = index.FirstOf(hashes[rarest]); at >= 0 && places.Count < limit; at = index.NextOf(at))
        {
            var start = at - rarest;
            if (start < 0 || start + hashes.Length > File.Count)
                continue;
            var same = index.Hashes.AsSpan(start, hashes.Length).CommonPrefixLength(hashes);
            _work += same + 1;
            if (_work > MaxWork)
            {
                Exhausted = true;
                return places;
            }
            if (same == hashes.Length && text.StandsAt(File, start, level))
                places.Add(start);
        }
        return places;
    }

    /// <summary>Every line equal to one line of a text.</summary>
    public IEnumerable<int> Lines(OldText text, int line, MatchLevel level)
    {
        var index = _levels[(int)level] ??= new(File, Wanted(level), level);
        for (var at = index.FirstOf(text.Hashes(level)[line]); at >= 0; at = index.NextOf(at))
            yield return at;
    }

    /// <summary>The hashes of every line any reading of any hunk may ask for.</summary>
    private Dictionary<ulong, (int First, int Last, int Count)> Wanted(MatchLevel level)
    {
        var wanted = new Dictionary<ulong, (int, int, int)>();
        foreach (var hunk in _hunks)
        {
            for (var reading = hunk; reading is not null; reading = reading.Fallback)
            {
                foreach (var line in reading.Lines)
                {
                    wanted.TryAdd(LineHash.Of(level.Cut(_text.Slice(line.Start, line.Length))), (-1, -1, 0));
                    if (Ladder.MayLackColumn(line, _text))
                        wanted.TryAdd(LineHash.Of(level.Cut(_text.Slice(line.Start - 1, line.Length + 1))), (-1, -1, 0));
                }
            }
        }
        return wanted;
    }

    /// <summary>The hashes of all lines, and chains through those lines that any pattern asks for.</summary>
    private sealed class Level
    {
        private readonly Dictionary<ulong, (int First, int Last, int Count)> _chains;
        private readonly int[] _next;

        public Level(LineTable file, Dictionary<ulong, (int First, int Last, int Count)> chains, MatchLevel level)
        {
            _chains = chains;
            Hashes = new ulong[file.Count];
            _next = new int[file.Count];
            for (var line = 0; line < file.Count; line++)
            {
                var hash = Hashes[line] = LineHash.Of(level.Cut(file[line]));
                ref var chain = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_chains, hash);
                _next[line] = -1;
                if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref chain))
                    continue;
                if (chain.Count == 0)
                    chain.First = line;
                else
                    _next[chain.Last] = line;
                (chain.Last, chain.Count) = (line, chain.Count + 1);
            }
        }

        public ulong[] Hashes { get; }

        public int CountOf(ulong hash) => _chains.TryGetValue(hash, out var chain) ? chain.Count : 0;

        public int FirstOf(ulong hash) => _chains.TryGetValue(hash, out var chain) ? chain.First : -1;

        public int NextOf(int line) => _next[line];
    }
}
