using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator;

/// <summary>Turns events and commands into what a journal keeps, and back: a kind with its version (<c>call.ended/1</c>), and JSON in UTF-8.</summary>
/// <remarks>Safe for concurrent use. Behind <see cref="RunEvent.ReadJson"/> and its like, which say what is promised.</remarks>
internal static class RunEventJson
{
    // The encoder must be the one of the options that the kinds use: the writer decides how text is escaped, not the options.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonElement Null = JsonElement.Parse("null");

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>The kind of an event with its version, such as <c>call.ended/1</c>.</summary>
    public static string KindOf(RunEvent recorded) => recorded is RunEvent.Unknown unknown
        ? string.Create(CultureInfo.InvariantCulture, $"{unknown.Kind}/{unknown.Version}")
        : RunEventKinds.ByType[recorded.GetType()].Text;

    /// <summary>Writes an event's JSON.</summary>
    /// <param name="recorded">The event.</param>
    /// <param name="output">Where to; the kind is not part of it.</param>
    public static void Write(RunEvent recorded, IBufferWriter<byte> output)
    {
        var writer = Rent(output);
        try
        {
            switch (recorded)
            {
                case RunEvent.Unknown { Data.ValueKind: not JsonValueKind.Undefined } unknown:
                    // Byte for byte, so that a newer host reads exactly what a newer host wrote.
                    writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(unknown.Data), skipInputValidation: true);
                    break;
                case RunEvent.Unknown:
                    writer.WriteNullValue();
                    break;
                case RunEvent.Noted { Data.ValueKind: JsonValueKind.Undefined } noted:
                    JsonSerializer.Serialize(writer, noted with { Data = Null }, RunEventKinds.ByType[typeof(RunEvent.Noted)].Json);
                    break;
                default:
                    JsonSerializer.Serialize(writer, recorded, RunEventKinds.ByType[recorded.GetType()].Json);
                    break;
            }

            writer.Flush();
        }
        finally
        {
            writer.Reset(Nowhere.Instance);
        }
    }

    /// <summary>Reads an event.</summary>
    /// <param name="kind">Its kind with its version.</param>
    /// <param name="json">Its JSON.</param>
    /// <exception cref="JournalCorruptException">The kind or the JSON is not what any version writes.</exception>
    public static RunEvent Read(string kind, ReadOnlySpan<byte> json)
    {
        try
        {
            return RunEventKinds.ByText.TryGetValue(kind, out var known)
                ? (RunEvent?)JsonSerializer.Deserialize(json, known.Json) ?? throw new JsonException("The event is null.")
                : ReadOther(kind, json, RunEventKinds.ByName);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or NotSupportedException)
        {
            throw new JournalCorruptException($"An event of kind '{kind}' cannot be read: {e.Message} Restore the journal from a copy.", e);
        }
    }

    /// <summary>Writes a command's JSON.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Where to.</param>
    public static void Write(IRunJournal.Command command, IBufferWriter<byte> output)
    {
        var writer = Rent(output);
        try
        {
            JsonSerializer.Serialize(writer, command, RunEventKinds.Command);
            writer.Flush();
        }
        finally
        {
            writer.Reset(Nowhere.Instance);
        }
    }

    /// <summary>Reads a command.</summary>
    /// <exception cref="JournalCorruptException">It is not a command that this version knows.</exception>
    public static IRunJournal.Command ReadCommand(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RunEventKinds.Command) ?? throw new JsonException("The command is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new JournalCorruptException($"A command in a mailbox cannot be read: {e.Message} It may come from a newer version; use that version here too.", e);
        }
    }

    /// <summary>Reads an event that is not of a version written today: an older one is brought up to date, anything else is unknown.</summary>
    internal static RunEvent ReadOther(string kind, ReadOnlySpan<byte> json, IReadOnlyDictionary<string, RunEventKind> kinds)
    {
        var slash = kind.LastIndexOf('/');
        if (slash < 1 || !int.TryParse(kind.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1)
        {
            throw new FormatException("A kind is a name, a slash and a version.");
        }

        var name = kind[..slash];
        if (!kinds.TryGetValue(name, out var known) || version > known.Version)
        {
            return new RunEvent.Unknown(name, version, JsonElement.Parse(json));
        }

        var node = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The event is not an object.");
        foreach (var upCast in known.UpCasters.Skip(version - 1))
        {
            node = upCast(node);
        }

        return (RunEvent?)node.Deserialize(known.Json) ?? throw new JsonException("The event is null.");
    }

    private static Utf8JsonWriter Rent(IBufferWriter<byte> output)
    {
        if (_writer is not { } writer)
        {
            return _writer = new Utf8JsonWriter(output, WriterOptions);
        }

        writer.Reset(output);
        return writer;
    }

    /// <summary>What a writer at rest points to, so that it does not keep somebody's buffer alive.</summary>
    private sealed class Nowhere : IBufferWriter<byte>
    {
        public static Nowhere Instance { get; } = new();

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
