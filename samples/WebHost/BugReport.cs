using Orchestrator;

namespace WebHost;

/// <summary>A bug as it is reported.</summary>
/// <param name="Title">What is wrong, in a sentence.</param>
/// <param name="Log">What was printed when it happened.</param>
internal sealed record BugReport(string Title, string? Log)
{
    private const int LongestTitle = 2_000;
    private const int LongestLog = 64 * 1024;

    /// <summary>What is wrong with the report, by member.</summary>
    public Dictionary<string, string[]> FindProblems()
    {
        var problems = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > LongestTitle || Title.Any(char.IsControl))
        {
            problems["title"] = [$"Say in 1 to {LongestTitle} characters, none of them control characters, what is wrong."];
        }

        if (Log?.Length > LongestLog)
        {
            problems["log"] = [$"At most {LongestLog} characters are taken; send the part around the failure."];
        }

        return problems;
    }

    public TaskRequest ToTask() => new(Title.Trim()) { Attachments = string.IsNullOrWhiteSpace(Log) ? [] : [new TaskRequest.Attachment("report.log", Log)] };
}
