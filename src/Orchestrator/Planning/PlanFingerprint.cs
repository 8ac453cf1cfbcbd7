using System.Security.Cryptography;
using System.Text.Json;

namespace Orchestrator;

/// <summary>Compares plans and steps by what they say; record equality does not look into lists.</summary>
internal static class PlanFingerprint
{
    public static string Of(PlanStep step) => Hash(JsonSerializer.SerializeToUtf8Bytes(step, CoreJsonContext.Default.PlanStep));

    public static string Of(Plan plan) => Hash(JsonSerializer.SerializeToUtf8Bytes(plan, CoreJsonContext.Default.Plan));

    private static string Hash(byte[] json) => Convert.ToHexStringLower(SHA256.HashData(json));
}
