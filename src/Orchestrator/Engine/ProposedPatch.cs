using System.Text;
using System.Text.Json;
using Orchestrator.Patching;

namespace Orchestrator.Engine;

/// <summary>The change in a worker's output: <c>patch</c> is a patch in any form, <c>files</c> are whole files.</summary>
internal sealed record ProposedPatch(PatchSet? Patch, IReadOnlyDictionary<string, string> Files)
{
    public IEnumerable<string> WrittenPaths => (Patch?.WrittenPaths ?? []).Concat(Files.Keys).Distinct();

    public IEnumerable<string> ReadPaths => (Patch?.Paths ?? []).Concat(Files.Keys).Distinct();

    public string Hash => Hashes.Of($"{Patch?.Hash}\n{string.Join('\n', Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}\n{Hashes.Of(file.Value)}"))}");

    public static bool IsIn(JsonElement output) =>
        TextOf(output) is not null || (output.ValueKind == JsonValueKind.Object && output.TryGetProperty("files", out _) && FilesOf(output).Any());

    public static ProposedPatch From(JsonElement output, PatchOptions options) => new(
        TextOf(output) is { } text ? PatchSet.Parse(text, options) : null,
        FilesOf(output).GroupBy(file => file.Path).ToDictionary(group => group.Key, group => group.Last().Code));

    public string Text(JsonElement output) => TextOf(output) ?? string.Join('\n', Files.Select(file => $"{file.Key}\n{file.Value}"));

    /// <summary>The whole files as a patch set. A file that is replaced keeps its byte-order mark and, if it has only those, its CRLF line ends.</summary>
    public PatchSet WholeFiles(Func<string, PatchTree.File?> read) => PatchSet.ForFiles(Files.ToDictionary(
        file => file.Key,
        file => read(file.Key) is { } old ? (PatchTree.File?)new PatchTree.File(Like(old.Content.Span, file.Value), old.Mode) : new PatchTree.File(Encoding.UTF8.GetBytes(file.Value))));

    private static byte[] Like(ReadOnlySpan<byte> old, string code)
    {
        var lines = old.Count((byte)'\n');
        if (lines > 0 && lines == old.Count("\r\n"u8))
        {
            code = code.ReplaceLineEndings("\r\n");
        }

        var text = Encoding.UTF8.GetBytes(code);
        return old.StartsWith(Encoding.UTF8.Preamble) && !text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? [.. Encoding.UTF8.Preamble, .. text] : text;
    }

    private static string? TextOf(JsonElement output) =>
        output.ValueKind == JsonValueKind.Object && output.TryGetProperty("patch", out var patch) && patch.ValueKind == JsonValueKind.String
        && patch.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : null;

    private static IEnumerable<(string Path, string Code)> FilesOf(JsonElement output)
    {
        if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var file in files.EnumerateArray())
        {
            if (file.ValueKind == JsonValueKind.Object
                && file.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
                && file.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String)
            {
                yield return (path.GetString()!, code.GetString()!);
            }
        }
    }
}
