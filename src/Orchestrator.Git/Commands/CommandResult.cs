namespace Orchestrator;

/// <summary>How a command ended and what it printed.</summary>
internal sealed record CommandResult(CommandEnd End, int? ExitCode, string Output, bool OutputCut, TimeSpan Duration);

/// <summary>The ways a command can end; a cancelled one has no result.</summary>
internal enum CommandEnd
{
    /// <summary>By itself.</summary>
    Exited,

    /// <summary>At its time limit.</summary>
    TimedOut,

    /// <summary>Before it began.</summary>
    NotStarted,
}
