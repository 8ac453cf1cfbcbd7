using System.Text;
using System.Text.Json;

namespace Orchestrator;

/// <summary>What a server says is wrong, out of whatever shape it says it in.</summary>
internal static class ErrorText
{
    private const int MaxLength = 2_000;
    private const int MaxRead = 64 * 1024;

    public static async Task<string> ReadAsync(Stream? body, CancellationToken cancellationToken)
    {
        if (body is null)
        {
            return "";
        }

        var buffer = new byte[MaxRead];
        var length = 0;
        try
        {
            while (length < buffer.Length && await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (IOException)
        {
            // What has arrived is all there is.
        }

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return Short(text);
        }
    }

    public static string Of(JsonElement json)
    {
        var inner = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out var error) ? error : json;
        if (inner.ValueKind == JsonValueKind.String)
        {
            return Short(inner.GetString()!);
        }

        if (inner.ValueKind != JsonValueKind.Object || !inner.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.String)
        {
            return Short(inner.GetRawText());
        }

        // The parameter that it is about may be named nowhere else.
        var about = inner.TryGetProperty("param", out var param) && param.ValueKind == JsonValueKind.String && !message.GetString()!.Contains(param.GetString()!, StringComparison.Ordinal)
            ? $" ({param.GetString()})"
            : "";
        return Short(message.GetString()! + about);
    }

    private static string Short(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > MaxLength ? line[..MaxLength] + "…" : line;
    }
}
