namespace Orchestrator;

/// <summary>A piece of text that came with a task.</summary>
/// <param name="Name">What it is called, such as <c>crash.log</c>.</param>
/// <param name="Text">Its whole text.</param>
public sealed record TaskAttachment(string Name, string Text);
