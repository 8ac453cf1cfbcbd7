using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>Reads the files that a payload names: every member that is a <see cref="SourceFile"/> or a <see cref="CodeFile"/> without text, wherever it stands.</summary>
internal static class FileBinder
{
    private const int MaxDepth = 16;

    public static ValueTask BindAsync(JsonObject payload, JsonTypeInfo type, IFileReader files, CancellationToken cancellationToken) =>
        BindMembersAsync(payload, type, files, 0, cancellationToken);

    /// <summary>Reads one file that must be there.</summary>
    /// <exception cref="InputBindingException">It is not there, or is no text; the message names it and what resembles it.</exception>
    public static async ValueTask<SourceFile> ReadAsync(string path, IFileReader files, CancellationToken cancellationToken)
    {
        if (!RepoPath.TryParse(path, null, out var parsed))
        {
            throw new InputBindingException($"'{path}' is not a path inside the repository; write it relative to the root, with '/' and without '..'.");
        }

        if (await files.ReadAsync(parsed, cancellationToken).ConfigureAwait(false) is { } file)
        {
            return file.Text.Contains('\0', StringComparison.Ordinal)
                ? throw new InputBindingException($"'{path}' is not a text file; name a text file instead.")
                : file;
        }

        var near = NearPaths.To(parsed, await files.ListAsync(cancellationToken).ConfigureAwait(false));
        var hint = near.Count == 0 ? "Nothing there resembles it." : $"Did you mean {string.Join(" or ", near.Select(each => $"'{each}'"))}?";
        var where = files.Revision is { } revision ? $" at {Short(revision.Commit)}" : "";
        throw new InputBindingException($"There is no file '{path}'{where}. {hint}");
    }

    private static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;

    private static async ValueTask BindMembersAsync(JsonObject payload, JsonTypeInfo type, IFileReader files, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth || type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var property in ContractMember.Of(type))
        {
            if (payload[property.Name] is not { } value)
            {
                continue;
            }

            var member = property.Options.GetTypeInfo(property.PropertyType);
            if (IsFile(member.Type))
            {
                payload[property.Name] = await BindFileAsync(value, member.Type, files, cancellationToken).ConfigureAwait(false);
            }
            else if (value is JsonArray list && member is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element })
            {
                await BindListAsync(list, property.Options.GetTypeInfo(element), files, depth, cancellationToken).ConfigureAwait(false);
            }
            else if (value is JsonObject inner)
            {
                await BindMembersAsync(inner, member, files, depth + 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask BindListAsync(JsonArray list, JsonTypeInfo element, IFileReader files, int depth, CancellationToken cancellationToken)
    {
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index] is not { } item)
            {
                continue;
            }

            if (IsFile(element.Type))
            {
                list[index] = await BindFileAsync(item, element.Type, files, cancellationToken).ConfigureAwait(false);
            }
            else if (item is JsonObject inner)
            {
                await BindMembersAsync(inner, element, files, depth + 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsFile(Type type) => type == typeof(SourceFile) || type == typeof(CodeFile);

    private static async ValueTask<JsonNode?> BindFileAsync(JsonNode value, Type type, IFileReader files, CancellationToken cancellationToken)
    {
        var named = value as JsonObject;
        if ((JsonShape.Text(value) ?? JsonShape.Text(named?["path"])) is not { } path)
        {
            return value.DeepClone();
        }

        if (type == typeof(CodeFile))
        {
            return named?["code"] is not null
                ? named.DeepClone()
                : new JsonObject { ["path"] = path, ["code"] = (await ReadAsync(path, files, cancellationToken).ConfigureAwait(false)).Text };
        }

        var file = await ReadAsync(path, files, cancellationToken).ConfigureAwait(false);
        return Write(named?["span"] is JsonObject span ? Cut(file, span) : file);
    }

    private static SourceFile Cut(SourceFile file, JsonObject span)
    {
        if (span["first"]?.GetValueKind() != JsonValueKind.Number || span["last"]?.GetValueKind() != JsonValueKind.Number)
        {
            throw new InputBindingException($"A span is {{\"first\": 1, \"last\": 20}}; that of '{file.Path}' is not.");
        }

        var lines = file.Text.Split('\n');
        var first = Math.Max(1, (int)span["first"]!.GetValue<double>());
        var last = Math.Min(lines.Length, (int)span["last"]!.GetValue<double>());
        return last < first
            ? throw new InputBindingException($"The span {first} to {last} of '{file.Path}' holds no line; the file has {lines.Length}.")
            : file with { Text = string.Join('\n', lines[(first - 1)..last]), Span = new SourceFile.Lines(first, last) };
    }

    private static JsonObject Write(SourceFile file)
    {
        var json = new JsonObject { ["path"] = file.Path.Value, ["text"] = file.Text, ["hash"] = file.Hash, ["revision"] = file.Revision };
        if (file.Span is { } span)
        {
            json["span"] = new JsonObject { ["first"] = span.First, ["last"] = span.Last };
        }

        return json;
    }
}
