namespace Orchestrator.Cli;

/// <summary>Ends a command with a message for its user.</summary>
internal sealed class CliException(int exitCode, string code, string message, Exception? cause = null) : OrchestratorException(message, cause)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>A stable word for scripts.</summary>
    public string Code { get; } = code;

    /// <summary>What the user gave cannot be worked with.</summary>
    public static CliException BadInput(string message, Exception? cause = null) => new(Cli.ExitCode.BadInput, "bad_input", message, cause);

    /// <summary>It could be understood, but doing it would not be safe.</summary>
    public static CliException Refused(string message, Exception? cause = null) => new(Cli.ExitCode.Refused, "refused", message, cause);
}
