using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator.Engine;

/// <summary>SHA-256 of things by what they say, in lower-case hexadecimal.</summary>
internal static class Hashes
{
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>What a piece of JSON says, however it is spaced and escaped: a journal may have written it anew.</summary>
    public static string Of(JsonElement json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        if (json.ValueKind != JsonValueKind.Undefined)
        {
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            json.WriteTo(writer);
        }

        return Of(buffer.WrittenSpan);
    }

    /// <summary>What a call asks for, whoever asked for it.</summary>
    public static string Of(WorkerCall call) => Of(JsonSerializer.SerializeToUtf8Bytes(
        call with { RequiredBy = null, RequiredFor = null, BoundTo = null },
        CoreJsonContext.Default.WorkerCall));
}
