using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orchestrator.Patching;

/// <summary>Finds every place where a run of lines stands in a file. One pass over the file per level, whatever the number of hunks.</summary>
internal sealed class FileIndex
{
    /// <summary>Lines compared for one file before placing is given up: a bound against texts made to be slow.</summary>
    private const long MaxWork = 500_000_000;

    /// <summary>Places of one text that are compared line by line before the hashes of the whole file are worth having.</summary>
    private const int FewCandidates = 32;

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
        var hashes = text.Hashes(level);
        var index = LevelFor(text, level);
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
        for (var (at, tried) = (index.FirstOf(hashes[rarest]), 0); at >= 0 && places.Count < limit; (at, tried) = (index.NextOf(at), tried + 1))
        {
            var start = index.LineOf(at) - rarest;
            if (start < 0 || start + hashes.Length > File.Count)
                continue;

            // Where there are many, most of them are told by their hashes alone, which is why those are kept from then on.
            var same = tried < FewCandidates ? hashes.Length : index.Hashes.AsSpan(start, hashes.Length).CommonPrefixLength(hashes);
            _work += tried < FewCandidates ? 0 : same + 1;
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
        var index = LevelFor(text, level);
        for (var at = index.FirstOf(text.Hashes(level)[line]); at >= 0; at = index.NextOf(at))
        {
            if (level.Cut(text[line]).SequenceEqual(level.Cut(File[index.LineOf(at)])))
                yield return index.LineOf(at);
        }
    }

    /// <summary>The chains of a level. The reading of a hunk that has lost its column is rare, so its lines are looked for only once one is asked for.</summary>
    private Level LevelFor(OldText text, MatchLevel level)
    {
        var index = _levels[(int)level] ??= new(File, Wanted(level, columns: false), level);
        if (!index.HasColumns && !Array.TrueForAll(text.Hashes(level), index.Knows))
            index = _levels[(int)level] = new(File, Wanted(level, columns: true), level) { HasColumns = true };
        return index;
    }

    /// <summary>Every line any reading of any hunk may ask for.</summary>
    private Patterns Wanted(MatchLevel level, bool columns)
    {
        var wanted = new Patterns(_hunks.Sum(hunk => hunk.Lines.Length));
        foreach (var hunk in _hunks)
        {
            for (var reading = hunk; reading is not null; reading = reading.Fallback)
            {
                foreach (var line in reading.Lines)
                {
                    wanted.Add(level.Cut(_text.Slice(line.Start, line.Length)));
                    if (columns && Ladder.MayLackColumn(line, _text))
                        wanted.Add(level.Cut(_text.Slice(line.Start - 1, line.Length + 1)));
                }
            }
        }
        return wanted;
    }

    /// <summary>Chains through those lines that any pattern asks for. Links are numbered in file order.</summary>
    private sealed class Level
    {
        private readonly Dictionary<ulong, (int First, int Last, int Count)> _chains;
        private readonly List<(int Line, int Next)> _links = [];
        private readonly Lazy<ulong[]> _hashes;

        public Level(LineTable file, Patterns patterns, MatchLevel level)
        {
            _chains = patterns.Chains;
            _hashes = new(() => HashAll(file, level));
            for (var line = 0; line < file.Count; line++)
            {
                var content = level.Cut(file[line]);
                if (patterns.MayHold(content))
                    Link(line, LineHash.Of(content));
            }
        }

        public bool HasColumns { get; init; }

        public ulong[] Hashes => _hashes.Value;

        public bool Knows(ulong hash) => _chains.ContainsKey(hash);

        public int CountOf(ulong hash) => _chains.TryGetValue(hash, out var chain) ? chain.Count : 0;

        public int FirstOf(ulong hash) => _chains.TryGetValue(hash, out var chain) ? chain.First : -1;

        public int NextOf(int link) => _links[link].Next;

        public int LineOf(int link) => _links[link].Line;

        private static ulong[] HashAll(LineTable file, MatchLevel level)
        {
            var hashes = GC.AllocateUninitializedArray<ulong>(file.Count);
            for (var line = 0; line < hashes.Length; line++)
                hashes[line] = LineHash.Of(level.Cut(file[line]));
            return hashes;
        }

        private void Link(int line, ulong hash)
        {
            ref var chain = ref CollectionsMarshal.GetValueRefOrNullRef(_chains, hash);
            if (Unsafe.IsNullRef(ref chain))
                return;
            if (chain.Count == 0)
                chain.First = _links.Count;
            else
                CollectionsMarshal.AsSpan(_links)[chain.Last].Next = _links.Count;
            (chain.Last, chain.Count) = (_links.Count, chain.Count + 1);
            _links.Add((line, -1));
        }
    }

    /// <summary>The lines looked for. Most lines of a file are set aside at the cost of one bit.</summary>
    private sealed class Patterns
    {
        private readonly ulong[] _bits;
        private readonly int _shift;

        public Patterns(int lines)
        {
            var size = Math.Clamp(BitOperations.Log2((uint)lines + 1) + 6, 10, 24);
            _shift = 64 - size;
            _bits = new ulong[1 << (size - 6)];
            Chains = new(lines);
        }

        public Dictionary<ulong, (int First, int Last, int Count)> Chains { get; }

        public void Add(ReadOnlySpan<byte> line)
        {
            Chains.TryAdd(LineHash.Of(line), (-1, -1, 0));
            var sample = LineHash.Sample(line) >> _shift;
            _bits[sample >> 6] |= 1UL << (int)sample;
        }

        public bool MayHold(ReadOnlySpan<byte> line)
        {
            var sample = LineHash.Sample(line) >> _shift;
            return (_bits[sample >> 6] >> (int)sample & 1) != 0;
        }
    }
}
