using System.Text.Json;

namespace Orchestrator.Contracts;

/// <summary>What came of reading JSON under a contract.</summary>
/// <param name="Value">The record; <see langword="null"/> where there are violations.</param>
/// <param name="Json">The JSON with everything taken out that the contract does not know; usable only without violations.</param>
/// <param name="Violations">Everything that is wrong, not only the first thing.</param>
/// <param name="Warnings">What was odd without being wrong.</param>
internal sealed record ContractReading<T>(T? Value, JsonElement Json, IReadOnlyList<Violation> Violations, IReadOnlyList<string> Warnings)
    where T : class;
