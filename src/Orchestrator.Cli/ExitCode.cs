namespace Orchestrator.Cli;

/// <summary>What the process says when it ends; docs/cli.md promises these.</summary>
internal static class ExitCode
{
    public const int Succeeded = 0;

    /// <summary>A patch was refused, or a run ended without a good one.</summary>
    public const int Refused = 1;

    public const int BadInput = 2;

    public const int WaitingForPerson = 3;

    public const int Interrupted = 130;

    public static int Of(RunStatus status) => status switch
    {
        RunStatus.Succeeded => Succeeded,
        RunStatus.Paused => WaitingForPerson,
        _ => Refused,
    };
}
