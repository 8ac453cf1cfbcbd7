using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>From a model's text to a record: taken apart, sections bound, read strictly. Everything that is wrong is said at once.</summary>
internal static class ReplyReader
{
    public static (ContractReading<T> Reading, JsonElement Bound) Read<T>(string text, JsonTypeInfo<T> type)
        where T : class
    {
        if (text.Length > ContractReader.MaxBytes)
        {
            return (Invalid<T>([new Violation("$", $"the reply is {text.Length} characters long; at most {ContractReader.MaxBytes} are read")], []), default);
        }

        var parsed = ReplyParser.Parse(text);
        var violations = parsed.Violations.ToList();
        var warnings = parsed.Warnings.ToList();
        if (parsed.Envelope.ValueKind == JsonValueKind.Undefined)
        {
            return (Invalid<T>(violations, warnings), default);
        }

        var bound = ReplyBinder.Bind(parsed, type, violations, warnings);
        var reading = ContractReader.Read(bound, type);
        warnings.AddRange(reading.Warnings);
        return violations.Count == 0
            ? (reading with { Warnings = warnings }, bound)
            : (Invalid<T>([.. violations, .. reading.Violations], warnings), bound);
    }

    private static ContractReading<T> Invalid<T>(IReadOnlyList<Violation> violations, IReadOnlyList<string> warnings)
        where T : class => new(null, default, violations, warnings);
}
