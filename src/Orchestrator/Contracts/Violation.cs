namespace Orchestrator.Contracts;

/// <summary>One way in which a reply or a payload does not keep its contract.</summary>
/// <param name="Path">JSON path of the member, such as <c>$.files[0].path</c>; <c>$</c> for the whole.</param>
/// <param name="Message">What is wrong with it, as the rest of a sentence that begins with the path.</param>
internal sealed record Violation(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
