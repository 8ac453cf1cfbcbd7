namespace Orchestrator;

/// <summary>What the reports of one command hold together.</summary>
/// <param name="Files">How many report files there were.</param>
/// <param name="Cases">The tests, each once, in ordinal order of their ids.</param>
/// <param name="Broken">Whether a file could not be read to its end.</param>
/// <param name="Notes">What a reader should know about them.</param>
internal sealed record ReportContents(int Files, IReadOnlyList<TestReport.Case> Cases, bool Broken, IReadOnlyList<string> Notes);
