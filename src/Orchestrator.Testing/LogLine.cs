using Microsoft.Extensions.Logging;

namespace Orchestrator.Testing;

/// <summary>A line that a host under test logged.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Category">Who logged it.</param>
/// <param name="Text">What it says.</param>
/// <param name="Exception">What went wrong, where something did.</param>
/// <param name="Scope">What the scopes around it say, such as <c>RunId</c>; the innermost wins.</param>
public sealed record LogLine(LogLevel Level, string Category, string Text, Exception? Exception, IReadOnlyDictionary<string, object?> Scope);
