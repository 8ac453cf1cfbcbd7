using System.Text.Json;

namespace Orchestrator.Contracts;

/// <summary>A model's reply taken apart.</summary>
/// <param name="Envelope">The one JSON object; of kind <see cref="JsonValueKind.Undefined"/> where there is none that counts.</param>
/// <param name="Sections">The fenced sections that have a name, in the order they stand.</param>
/// <param name="Loose">Fenced blocks without a name.</param>
/// <param name="Violations">What keeps the reply from being read.</param>
/// <param name="Warnings">What was set aside.</param>
internal sealed record ParsedReply(
    JsonElement Envelope,
    IReadOnlyList<FencedSection> Sections,
    IReadOnlyList<FencedSection> Loose,
    IReadOnlyList<Violation> Violations,
    IReadOnlyList<string> Warnings);
