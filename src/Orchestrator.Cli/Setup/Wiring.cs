using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;

namespace Orchestrator.Cli;

/// <summary>Puts an orchestrator together for one command.</summary>
internal sealed class Wiring : IAsyncDisposable
{
    /// <summary>The workflows there are.</summary>
    public static readonly string[] Workflows = ["bugfix", "open"];

    /// <summary>How long calls under way may go on after an interrupt.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly ServiceProvider _services;
    private readonly SqliteRunJournal _journal;

    private Wiring(ServiceProvider services, SqliteRunJournal journal) => (_services, _journal) = (services, journal);

    public IOrchestrator Orchestrator => _services.GetRequiredService<IOrchestrator>();

    /// <summary>Wires one up that can drive.</summary>
    /// <param name="surroundings">Where the command runs.</param>
    /// <param name="journal">The journal, which is closed with this.</param>
    /// <param name="settings">How runs are carried out; nothing for commands that only look.</param>
    public static Wiring Of(Surroundings surroundings, SqliteRunJournal journal, RunSettings? settings = null)
    {
        var chosen = settings ?? new RunSettings();
        var services = new ServiceCollection();
        services.AddSingleton(surroundings.Time);
        var builder = services.AddOrchestrator(options => options.DrainTime = DrainTime)
            .AddModel(surroundings, chosen)
            .AddWorkflow("bugfix", new BugfixWorkflow())
            .AddModelWorkflow("open", ModelSetup.Name)
            .AddCodingWorkers(ModelSetup.Name)
            .AddPolicy(Policies.RequireGreenTests())
            .AddPolicy(Policies.RequireBeforeFinish(Reviewer.Capability))
            .UseGit(git => git.AllowPaths = chosen.ToRepositoryOptions())
            .UseJournal(_ => journal);
        if (chosen.AskBefore.Length > 0)
        {
            builder.AddPolicy(Policies.RequireApproval(chosen.AskBefore.Split('\n')));
        }

        return new Wiring(services.BuildServiceProvider(), journal);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync().ConfigureAwait(false);
        await _journal.DisposeAsync().ConfigureAwait(false);
    }
}
