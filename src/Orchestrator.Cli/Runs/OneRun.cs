using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary>What a command that is about one run of a journal works with.</summary>
internal sealed record OneRun(IOrchestrator Orchestrator, RunSummary Run, ParseResult Parsed, string JournalHint)
{
    public bool Json => CommonOptions.IsJson(Parsed);

    public string Short => RunText.Short(Run.Run);

    /// <summary>Makes a command about one run.</summary>
    public static Command Command(Surroundings surroundings, string name, string description, Func<OneRun, CancellationToken, Task<int>> action, params Symbol[] more)
    {
        var argument = RunFinder.Argument();
        var command = new Command(name, description) { argument };
        foreach (var symbol in more)
        {
            if (symbol is Argument next)
            {
                command.Arguments.Add(next);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Options.Add(Journals.Option);
        command.Does(surroundings, async (parsed, interrupt) =>
        {
            var (path, hint) = Journals.Locate(surroundings, parsed);
            var wiring = Wiring.Of(surroundings, Journals.Open(surroundings, path));
            await using var closing = wiring.ConfigureAwait(false);
            var run = await RunFinder.FindAsync(wiring.Orchestrator, parsed.GetValue(argument)!, interrupt).ConfigureAwait(false);
            return await action(new OneRun(wiring.Orchestrator, run, parsed, hint), interrupt).ConfigureAwait(false);
        });
        return command;
    }

    public ValueTask<RunRecord> ReadAsync(CancellationToken cancellationToken) => Orchestrator.ReadAsync(Run.Run, cancellationToken);
}
