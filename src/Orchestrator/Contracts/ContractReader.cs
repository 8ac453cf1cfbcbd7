using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Contracts;

/// <summary>Reads JSON strictly under a contract and finds everything that is wrong with it in one go.</summary>
/// <remarks>
/// A required member must be there and must not be null. Null for an optional member means that it is left out. Members that the contract does not know are
/// dropped with a warning: asking a model again for a superfluous member costs more than it is worth. Never throws, whatever the JSON.
/// </remarks>
internal static class ContractReader
{
    public const int MaxBytes = 5 * 1024 * 1024;
    public const int MaxDepth = 64;
    public const int MaxElements = 200_000;
    public const int MaxViolations = 50;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="json">The JSON.</param>
    /// <param name="type">The contract's record.</param>
    /// <param name="checkRules">Whether a record that has rules of its own (<see cref="IValidatableObject"/>) is checked by them.</param>
    public static ContractReading<T> Read<T>(JsonElement json, JsonTypeInfo<T> type, bool checkRules = true)
        where T : class
    {
        if (json.ValueKind == JsonValueKind.Undefined)
        {
            return Invalid<T>(new Violation("$", "there is no JSON"));
        }

        if (JsonMarshal.GetRawUtf8Value(json).Length is > MaxBytes and var length)
        {
            return Invalid<T>(new Violation("$", $"is {length} bytes long; at most {MaxBytes} are read"));
        }

        var walk = new ContractWalk();
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(buffer, Relaxed);
            walk.Visit(json, type, "$", 0, writer);
        }
        catch (Exception e) when (IsBadJson(e))
        {
            // Half a surrogate pair, written as an escape, passes the JSON parser and fails when it is read as text.
            return Invalid<T>(new Violation("$", "holds text that cannot be read: " + e.Message));
        }

        if (walk.Violations.Count > 0)
        {
            return new ContractReading<T>(null, default, walk.Violations, walk.Warnings);
        }

        return Materialise(buffer.WrittenMemory, type, checkRules, walk.Warnings);
    }

    private static ContractReading<T> Materialise<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type, bool checkRules, List<string> warnings)
        where T : class
    {
        JsonElement normal;
        T? value;
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth + 1 });
            normal = document.RootElement.Clone();
            value = normal.Deserialize(type);
        }
        catch (Exception e) when (IsBadJson(e))
        {
            // A converter or a constructor of the contract's own has the last word.
            return Invalid<T>(new Violation((e as JsonException)?.Path ?? "$", e.Message)) with { Warnings = warnings };
        }

        if (value is null)
        {
            return Invalid<T>(new Violation("$", "is null")) with { Warnings = warnings };
        }

        var broken = checkRules && value is IValidatableObject rules ? Check(rules) : [];
        return new ContractReading<T>(broken.Count == 0 ? value : null, normal, broken, warnings);
    }

    private static List<Violation> Check(IValidatableObject value)
    {
        try
        {
            return
            [
                .. value.Validate(new ValidationContext(value, value.GetType().Name, null, null))
                    .Where(result => result != ValidationResult.Success)
                    .Take(MaxViolations)
                    .Select(result => new Violation(result.MemberNames.FirstOrDefault() is { } member ? "$." + member : "$", result.ErrorMessage ?? "is not valid")),
            ];
        }
        catch (Exception e)
        {
            // Rules are code of the contract's author; one that throws must not lose a reply that was paid for.
            return [new Violation("$", $"could not be checked: {e.Message}")];
        }
    }

    private static ContractReading<T> Invalid<T>(Violation violation)
        where T : class => new(null, default, [violation], []);

    internal static bool IsBadJson(Exception e) =>
        e is JsonException or NotSupportedException or FormatException or ArgumentException or InvalidOperationException or OverflowException;
}
