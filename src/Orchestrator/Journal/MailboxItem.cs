namespace Orchestrator;

/// <summary>A command in a run's mailbox.</summary>
/// <param name="Number">One and up, per run, in the order of arrival. The event that a command becomes carries it.</param>
/// <param name="Command">What is wanted.</param>
public sealed record MailboxItem(long Number, RunCommand Command);
