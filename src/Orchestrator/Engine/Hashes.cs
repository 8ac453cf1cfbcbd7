using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Engine;

/// <summary>SHA-256 of things by what they say, in lower-case hexadecimal.</summary>
internal static class Hashes
{
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>What a call asks for, whoever asked for it.</summary>
    public static string Of(WorkerCall call) => Of(JsonSerializer.SerializeToUtf8Bytes(
        call with { RequiredBy = null, RequiredFor = null, BoundTo = null },
        CoreJsonContext.Default.WorkerCall));
}
