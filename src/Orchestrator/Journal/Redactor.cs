using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator;

/// <summary>Takes secrets out of whatever is about to be written down: the values that were registered, and texts that look like keys.</summary>
internal sealed partial class Redactor
{
    public const string Mark = "[redacted]";

    private static readonly SearchValues<string> Beginnings = SearchValues.Create(
        ["sk-", "gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-", "xox", "AKIA", "ASIA", "AIza", "authorization", "api-key", "bearer ", "\\u"],
        StringComparison.OrdinalIgnoreCase);

    private readonly string[] _secrets;
    private readonly SearchValues<string> _search;

    /// <summary>Makes one from the values that must never be written; those shorter than eight characters are passed over, since they would blot out ordinary words.</summary>
    public Redactor(params IEnumerable<string> secrets)
    {
        _secrets = [.. secrets.Where(secret => secret.Length >= 8).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length)];
        _search = SearchValues.Create(_secrets, StringComparison.Ordinal);
    }

    /// <summary>Knows no values, only what keys look like.</summary>
    public static Redactor ShapesOnly { get; } = new();

    public string Redact(string text)
    {
        if (_secrets.Length > 0 && text.AsSpan().ContainsAny(_search))
        {
            foreach (var secret in _secrets)
            {
                text = text.Replace(secret, Mark, StringComparison.Ordinal);
            }
        }

        if (Keys().IsMatch(text))
        {
            text = Keys().Replace(text, Mark);
        }

        return Headers().IsMatch(text) ? Headers().Replace(text, "$1" + Mark) : text;
    }

    /// <summary>Whether a JSON text has to be looked at string by string: it holds a secret, something that begins like a key, or an escape that could hide one.</summary>
    public bool MayTouch(ReadOnlySpan<byte> json)
    {
        var rented = json.Length <= 512 ? null : ArrayPool<char>.Shared.Rent(json.Length);
        Span<char> text = rented ?? stackalloc char[512];
        text = text[..Encoding.UTF8.GetChars(json, text)];
        var found = text.ContainsAny(_search) || text.ContainsAny(Beginnings);
        if (rented is not null)
        {
            // It may have held a secret; the next one to rent it must not find that.
            ArrayPool<char>.Shared.Return(rented, clearArray: true);
        }

        return found;
    }

    /// <summary>The same JSON with every string and member name redacted; the very same element where nothing is.</summary>
    public JsonElement Redact(JsonElement json)
    {
        if (!Touches(json))
        {
            return json;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(json, writer);
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }

    private bool Touches(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Changes(json.GetString()!),
        JsonValueKind.Array => json.EnumerateArray().Any(Touches),
        JsonValueKind.Object => json.EnumerateObject().Any(member => Changes(member.Name) || Touches(member.Value)),
        _ => false,
    };

    private bool Changes(string text) => !ReferenceEquals(text, Redact(text));

    private void Write(JsonElement json, Utf8JsonWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                writer.WriteStringValue(Redact(json.GetString()!));
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in json.EnumerateObject())
                {
                    writer.WritePropertyName(Redact(member.Name));
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    [GeneratedRegex(@"\b(?:sk-[A-Za-z0-9_\-]{16,}|gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_\-]{16,}|xox[abeoprs]-[A-Za-z0-9\-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[A-Za-z0-9_\-]{30,})", RegexOptions.CultureInvariant)]
    private static partial Regex Keys();

    [GeneratedRegex(@"((?:authorization|x-api-key|api-key)[""']?\s{0,4}[:=]\s{0,4}[""']?(?:bearer |basic )?|\bbearer )(?!\[redacted\])[^\s""',;]{8,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Headers();
}
