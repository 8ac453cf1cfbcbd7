using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator resume</c>: drives a run on that was interrupted, killed or answered.</summary>
internal static class ResumeCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var argument = RunFinder.Argument();
        var model = ModelFlags.Model();
        var endpoint = ModelFlags.Endpoint();
        var price = ModelFlags.Price();
        var window = ModelFlags.ContextWindow();
        var command = new Command("resume", "Goes on with a run that was interrupted, that lost its process, or whose question has been answered.") { argument, model, endpoint, price, window, Journals.Option };
        command.Does(surroundings, async (parsed, interrupt) =>
        {
            var json = CommonOptions.IsJson(parsed);
            var (path, hint) = Journals.Locate(surroundings, parsed);
            var (run, record) = await StoredRun.ReadAsync(surroundings, path, parsed.GetValue(argument)!, interrupt).ConfigureAwait(false);
            var settings = RunSettings.FromLabels(record.State.Task.Labels);
            settings = settings with { Model = parsed.GetValue(model) ?? settings.Model, Endpoint = parsed.GetValue(endpoint) ?? settings.Endpoint, Price = parsed.GetValue(price) ?? settings.Price, ContextWindow = parsed.GetValue(window) ?? settings.ContextWindow };
            if (!record.State.HasEnded)
            {
                // The endpoint was the user's own choice when the run was accepted.
                settings = ModelSetup.Choose(surroundings, settings, endpointIsTheUsers: true);
            }

            var wiring = Wiring.Of(surroundings, Journals.Open(surroundings, path), settings);
            await using var closing = wiring.ConfigureAwait(false);
            return await new Driving(surroundings, wiring.Orchestrator, json, hint).DriveAsync(run.Run, record.Events, interrupt).ConfigureAwait(false);
        });
        return command;
    }
}
