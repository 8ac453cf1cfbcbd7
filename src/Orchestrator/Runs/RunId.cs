using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Names one durable attempt at a task, for as long as its journal exists.</summary>
/// <param name="Value">The identity; never <see cref="Guid.Empty"/> for a run that was accepted.</param>
[JsonConverter(typeof(RunIdJsonConverter))]
public readonly record struct RunId(Guid Value) : IParsable<RunId>
{
    /// <summary>The 32 lower-case hexadecimal digits used in journals, branch names and on the command line.</summary>
    public override string ToString() => Value.ToString("n");

    /// <summary>Reads a run id in any form that <see cref="Guid"/> accepts.</summary>
    /// <exception cref="FormatException">The text is not a run id.</exception>
    public static RunId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a run id; expected 32 hexadecimal digits.");

    /// <summary>Reads a run id and says whether that was possible.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RunId result)
    {
        var read = Guid.TryParse(s, out var value);
        result = new RunId(value);
        return read;
    }
}
