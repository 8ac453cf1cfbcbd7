using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Names one call within its run: <c>c1</c>, <c>c2</c> and so on, in the order the calls came about.</summary>
/// <param name="Number">One and up; zero is <see cref="Decider"/>.</param>
[JsonConverter(typeof(CallIdJsonConverter))]
public readonly record struct CallId(int Number) : IParsable<CallId>, IComparable<CallId>
{
    /// <summary>Stands for the decider where attempts are recorded: its model requests belong to no call.</summary>
    public static CallId Decider => default;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"c{Number}");

    /// <inheritdoc/>
    public int CompareTo(CallId other) => Number.CompareTo(other.Number);

    /// <summary>Reads <c>c12</c>.</summary>
    /// <exception cref="FormatException">The text is not a call id.</exception>
    public static CallId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a call id; expected something like 'c12'.");

    /// <summary>Reads <c>c12</c> and says whether that was possible.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CallId result)
    {
        result = default;
        if (s is not ['c', ..] || !int.TryParse(s.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        result = new CallId(number);
        return true;
    }

    /// <summary>Whether one call came about before another.</summary>
    public static bool operator <(CallId left, CallId right) => left.Number < right.Number;

    /// <summary>Whether one call came about after another.</summary>
    public static bool operator >(CallId left, CallId right) => left.Number > right.Number;

    /// <summary>Whether one call came about before another or is the same.</summary>
    public static bool operator <=(CallId left, CallId right) => left.Number <= right.Number;

    /// <summary>Whether one call came about after another or is the same.</summary>
    public static bool operator >=(CallId left, CallId right) => left.Number >= right.Number;
}
