using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Orchestrator.Cli;

/// <summary>The whole command line: which commands there are, and how each ends.</summary>
internal static class CommandLine
{
    private static readonly Func<Surroundings, Command>[] Commands =
    [
        StartCommand.Create, ListCommand.Create, ShowCommand.Create, WatchCommand.Create, TranscriptCommand.Create, DiffCommand.Create, ResumeCommand.Create,
        CancelCommand.Create, AnswerCommand.Create, ApplyCommand.Create, RevertCommand.Create, PatchCommand.Create,
    ];

    /// <summary>Runs one command to its end.</summary>
    /// <param name="args">What the user typed.</param>
    /// <param name="surroundings">Where it runs.</param>
    /// <param name="interrupt">Set when the user interrupts.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken interrupt)
    {
        var parsed = Root(surroundings).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var message = string.Join("\n", parsed.Errors.Select(error => error.Message));
            return await TellAsync(surroundings, args.Contains("--json"), ExitCode.BadInput, "bad_input", $"{message}\nSee 'orchestrator {HelpOf(parsed)}--help'.").ConfigureAwait(false);
        }

        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,

            // Signals are the program's to handle: a run must be left so that it can be resumed.
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(configuration, interrupt).ConfigureAwait(false);
    }

    /// <summary>Every command, for running and for the test that compares them with the documentation.</summary>
    public static Command Root(Surroundings surroundings)
    {
        // Not a RootCommand: that would be called after the assembly, which nobody types.
        var root = new Command("orchestrator", "Puts one orchestrator in charge of several narrow coding agents.") { new HelpOption(), new VersionOption(), CommonOptions.Json };
        foreach (var create in Commands)
        {
            root.Subcommands.Add(create(surroundings));
        }

        return root;
    }

    /// <summary>Says what a command does, with every failure turned into a message and an exit code.</summary>
    public static void Does(this Command command, Surroundings surroundings, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, interrupt) =>
        {
            try
            {
                return await action(parsed, interrupt).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
            {
                return await TellAsync(surroundings, CommonOptions.IsJson(parsed), ExitCode.Interrupted, "interrupted", "Interrupted.").ConfigureAwait(false);
            }
            catch (Exception e) when (Explain(e) is { } end)
            {
                return await TellAsync(surroundings, CommonOptions.IsJson(parsed), end.ExitCode, end.Code, e.Message).ConfigureAwait(false);
            }
        });

    private static async Task<int> TellAsync(Surroundings surroundings, bool json, int exitCode, string code, string message)
    {
        if (json)
        {
            await CliJson.WriteAsync(surroundings.Out, new { type = "error", code, exit_code = exitCode, message }).ConfigureAwait(false);
        }
        else
        {
            await surroundings.Error.WriteLineAsync($"orchestrator: {message}").ConfigureAwait(false);
        }

        return exitCode;
    }

    private static (int ExitCode, string Code)? Explain(Exception failure) => failure switch
    {
        CliException e => (e.ExitCode, e.Code),
        RunNotFoundException => (ExitCode.BadInput, "run_not_found"),
        TaskRejectedException => (ExitCode.BadInput, "task_rejected"),
        SqliteJournalException => (ExitCode.BadInput, "journal"),
        JournalCorruptException => (ExitCode.BadInput, "journal"),
        RunOwnedException => (ExitCode.Refused, "run_owned"),
        OrchestratorException => (ExitCode.Refused, "failed"),
        IOException or UnauthorizedAccessException => (ExitCode.Refused, "failed"),
        _ => null,
    };

    private static string HelpOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var command = parsed.CommandResult; command.Parent is CommandResult parent; command = parent)
        {
            names.Insert(0, command.Command.Name + " ");
        }

        return string.Concat(names);
    }
}
