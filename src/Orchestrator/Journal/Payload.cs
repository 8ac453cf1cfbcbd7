using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>A piece of JSON in an event: written into it while small, kept beside it as a blob when large.</summary>
/// <remarks>
/// Immutable. Whoever needs the content asks for it through <see cref="DeciderContext"/> or <see cref="RunRecord"/>, which fetch the blob and undo
/// any protection. A payload made with <see cref="Of(JsonElement)"/> becomes a blob, redacted and protected, when the engine appends it.
/// </remarks>
[JsonConverter(typeof(PayloadJsonConverter))]
public readonly record struct Payload
{
    private Payload(JsonElement inline, string? blob, int length, bool isProtected)
    {
        Inline = inline;
        Blob = blob;
        Length = length;
        IsProtected = isProtected;
    }

    /// <summary>No content at all.</summary>
    public static Payload None => default;

    /// <summary>The content, where it is written into the event; otherwise of kind <see cref="JsonValueKind.Undefined"/>.</summary>
    public JsonElement Inline { get; }

    /// <summary>SHA-256 of the blob that holds the content, where it is kept beside the event.</summary>
    public string? Blob { get; }

    /// <summary>Length of the content in bytes of UTF-8, where it is a blob.</summary>
    public int Length { get; }

    /// <summary>Whether an <see cref="IPayloadProtector"/> has sealed the content.</summary>
    public bool IsProtected { get; }

    /// <summary>Whether there is no content.</summary>
    public bool IsNone => Blob is null && Inline.ValueKind == JsonValueKind.Undefined;

    /// <summary>Content that is written into the event.</summary>
    public static Payload Of(JsonElement content) => new(content, null, 0, false);

    /// <summary>Text, as a JSON string.</summary>
    public static Payload Of(string text) => Of(JsonSerializer.SerializeToElement(text, CoreJsonContext.Default.String));

    /// <summary>Content that a journal holds as a blob.</summary>
    public static Payload AsBlob(string hash, int length, bool isProtected) => new(default, hash, length, isProtected);

    internal static Payload Sealed(JsonElement content) => new(content, null, 0, true);

    /// <summary>Whether two payloads hold the same JSON text or name the same blob.</summary>
    public bool Equals(Payload other) =>
        Blob == other.Blob && IsProtected == other.IsProtected && Length == other.Length && Inline.ValueKind == other.Inline.ValueKind
        && (Inline.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(Inline, other.Inline));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Blob, Length, Inline.ValueKind);
}
