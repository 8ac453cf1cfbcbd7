using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Patching;

/// <summary>A set of edits to files, whatever format they came in. Applied whole or not at all.</summary>
/// <remarks>Immutable and safe to share. Nothing in it has been checked against a tree.</remarks>
public sealed class PatchSet
{
    private readonly Lazy<string> _hash;

    internal PatchSet(LineTable text, IReadOnlyList<FileEdit> edits, IReadOnlyList<PatchResult.Reject> problems)
    {
        Text = text;
        Edits = edits;
        Problems = problems;
        _hash = new(() => Convert.ToHexStringLower(SHA256.HashData(PatchWriter.Canonical(this))));
        Paths = Sorted(edits.SelectMany(edit => edit.Alternatives.Append(edit.Path).Append(edit.ReadPath)));
        WrittenPaths = Sorted(edits.SelectMany(edit => edit.Kind == EditKind.Rename ? [edit.Path, edit.ReadPath] : edit.Alternatives.Append(edit.Path)));
    }

    /// <summary>Every path that is read or written, and every other reading of a path that is in doubt. Load these before applying, when reading is asynchronous.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Every path that may be written or deleted. A path in doubt appears in each of its readings.</summary>
    public IReadOnlyList<string> WrittenPaths { get; }

    /// <summary>What in the text could not be understood. A set with problems is refused whole, with these among the reasons.</summary>
    public IReadOnlyList<PatchResult.Reject> Problems { get; }

    /// <summary>SHA-256 in hex over a canonical form: the same edits have the same hash, in whatever order their files and hunks came.</summary>
    public string Hash => _hash.Value;

    internal LineTable Text { get; }

    internal IReadOnlyList<FileEdit> Edits { get; }

    /// <summary>Finds the edits in a text: git and plain unified diffs, SEARCH/REPLACE blocks, <c>*** Begin Patch</c>, or whole files in fences, with any prose around them.</summary>
    /// <remarks>Never throws on content: what is wrong stands in <see cref="Problems"/>. The memory is kept and must not be changed afterwards.</remarks>
    public static PatchSet Parse(ReadOnlyMemory<byte> text, PatchOptions? options = null) => PatchReader.Read(text, options ?? PatchOptions.Default);

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, PatchOptions?)"/>
    public static PatchSet Parse(string text, PatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(Encoding.UTF8.GetBytes(text), options);
    }

    /// <summary>Edits that set the whole content of files, byte for byte, or delete them (null).</summary>
    public static PatchSet ForFiles(IReadOnlyDictionary<string, PatchTree.File?> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var edits = files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Value is { } content
            ? new FileEdit(EditKind.Write, file.Key) { Content = content.Content, NewMode = content.Mode }
            : new FileEdit(EditKind.Delete, file.Key));
        return new(new LineTable(default), [.. edits], []);
    }

    /// <summary>The difference between two trees as a git-style diff that git, other tools and <see cref="Parse(ReadOnlyMemory{byte}, PatchOptions?)"/> read; files ordered by path. Empty when there is none.</summary>
    /// <param name="before">The old tree.</param>
    /// <param name="after">The new tree.</param>
    /// <param name="paths">The paths to compare; all paths of both trees when null.</param>
    /// <remarks>A file that is gone and one that is new with the same bytes are written as a rename. Contents with NUL bytes are written as binary data, both ways.</remarks>
    public static ReadOnlyMemory<byte> Diff(PatchTree before, PatchTree after, IEnumerable<string>? paths = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return TreeDiff.Between(before, after, paths);
    }

    /// <summary>The difference between two versions of one file; null stands for a file that does not exist.</summary>
    public static ReadOnlyMemory<byte> Diff(string path, PatchTree.File? before, PatchTree.File? after)
    {
        ArgumentNullException.ThrowIfNull(path);
        PatchTree Single(PatchTree.File? file) => PatchTree.FromDelegates(other => other == path ? file : null, () => file is null ? [] : [path]);
        return TreeDiff.Between(Single(before), Single(after), [path]);
    }

    /// <summary>Applies the set whole, or says why not.</summary>
    /// <param name="current">The files as they are now.</param>
    /// <param name="base">The files the patch was made from, where they may differ from the current ones. Places are then found in the base and carried over by a three-way merge, so that a look-alike in the moved file is never taken.</param>
    /// <param name="options">Tolerances, limits and checks.</param>
    /// <returns>New files, rejects or conflicts; the trees themselves never change. The same arguments give the same result.</returns>
    /// <remarks>Pure: no disk, no clock. Throws only what the trees' or the syntax gate's delegates throw.</remarks>
    public PatchResult Apply(PatchTree current, PatchTree? @base = null, PatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new TreeApplication(this, current, @base, options ?? PatchOptions.Default).Run();
    }

    /// <summary>Applies the good hunks of this set together with a repair of those that were refused.</summary>
    /// <param name="rejected">What came of applying this set to the tree.</param>
    /// <param name="repair">What came back for <see cref="PatchResult.Rejected.RepairPrompt"/>: the refused hunks, corrected, or the whole change again.</param>
    /// <param name="current">The tree that refused this set.</param>
    /// <param name="options">Tolerances, limits and checks.</param>
    /// <returns>Both together; or why the repair cannot be applied; or <paramref name="rejected"/>, where putting them together could lose a change or make one twice.</returns>
    public PatchResult Repair(PatchResult.Rejected rejected, PatchSet repair, PatchTree current, PatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        ArgumentNullException.ThrowIfNull(repair);
        ArgumentNullException.ThrowIfNull(current);
        return PatchRepair.Run(this, rejected, repair, current, options ?? PatchOptions.Default);
    }

    /// <summary>The hash that names a file's content in <see cref="WithBase(IReadOnlyDictionary{string, string?})"/>: SHA-256 of its bytes, in hex.</summary>
    public static string ContentHash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The same edits, tied to the files they were made from: content hash by path, null for a file that did not exist.</summary>
    /// <remarks>Applying then refuses a file that has moved on, or carries the edit over when the base tree is given. Paths the set does not read are ignored.</remarks>
    public PatchSet WithBase(IReadOnlyDictionary<string, string?> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        return new(Text, [.. Edits.Select(edit => hashes.TryGetValue(edit.ReadPath, out var hash) ? edit with { BaseHash = hash ?? "" } : edit)], Problems);
    }

    /// <summary>The same edits, tied to the files of a tree.</summary>
    public PatchSet WithBase(PatchTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return WithBase(Edits.Select(edit => edit.ReadPath).Distinct(StringComparer.Ordinal).ToDictionary(path => path, path => tree.Read(path) is { } file ? ContentHash(file.Content.Span) : null, StringComparer.Ordinal));
    }

    /// <summary>The content hashes of the files the set was made from, by path; null for a file that did not exist. Files it is not tied to are absent.</summary>
    public IReadOnlyDictionary<string, string?> BaseHashes()
    {
        var hashes = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var edit in Edits)
        {
            if (edit.BaseHash is { } hash)
                hashes[edit.ReadPath] = hash.Length == 0 ? null : hash;
        }
        return hashes;
    }

    /// <summary>The set that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">An edit does not hold its old content (a whole-file edit, a deletion without lines, a one-way binary delta), or the set has problems.</exception>
    public PatchSet Reverse() => PatchReverser.Reverse(this);

    /// <summary>The set as one git-style diff, files ordered by path, base hashes included. Parsing it gives a set with the same <see cref="Hash"/>.</summary>
    public ReadOnlyMemory<byte> ToUnifiedDiff() => PatchWriter.Canonical(this);

    private static List<string> Sorted(IEnumerable<string> paths) => [.. paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
