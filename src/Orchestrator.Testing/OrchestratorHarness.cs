using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Testing;

/// <summary>A host in one line: virtual time, ids out of a seed, a journal in memory, and everything that is logged.</summary>
/// <remarks>
/// Time stands still until a test moves it with <see cref="Time"/>. The wiring is run again for each host that <see cref="Restart"/> makes, as a new process
/// would; what is to outlive a host, such as a workspace or a scripted model, is made outside of it.
/// </remarks>
/// <example><code>
/// await using var harness = new OrchestratorHarness(host => host
///     .AddWorkflow("greet", state => state.Calls.Count == 0 ? Decision.Call("greet", new Name("World")) : new Decision.Finish("Done."))
///     .AddWorker&lt;Name, Greeting&gt;("greet", (name, _) => Task.FromResult(new Greeting($"Hello, {name.Text}!"))));
/// var result = await harness.RunAsync("Greet World");
/// </code></example>
public sealed class OrchestratorHarness : IAsyncDisposable
{
    private static readonly TimeSpan LongerThanALease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Action<OrchestratorBuilder> _configure;
    private readonly Action<OrchestratorOptions>? _options;
    private readonly SeededRandomSource _random;
    private readonly CrashingJournal _door;
    private readonly HarnessLog _log = new();
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started = [];

    /// <summary>Makes a host.</summary>
    /// <param name="configure">Registers workflows, workers, models, policies and the workspace.</param>
    /// <param name="options">Sets limits.</param>
    /// <param name="seed">Where ids and chance come from.</param>
    /// <param name="journal">The journal; one in memory, on the virtual clock, if <see langword="null"/>.</param>
    /// <param name="through">Puts something between the host and its journal, such as a <see cref="CrashingJournal"/>.</param>
    public OrchestratorHarness(
        Action<OrchestratorBuilder> configure,
        Action<OrchestratorOptions>? options = null,
        int seed = 1,
        IRunJournal? journal = null,
        Func<IRunJournal, IRunJournal>? through = null)
        : this(configure, options, new ManualTimeProvider(), new SeededRandomSource(seed), journal, through)
    {
    }

    private OrchestratorHarness(
        Action<OrchestratorBuilder> configure,
        Action<OrchestratorOptions>? options,
        ManualTimeProvider time,
        SeededRandomSource random,
        IRunJournal? journal,
        Func<IRunJournal, IRunJournal>? through)
    {
        ArgumentNullException.ThrowIfNull(configure);
        (_configure, _options, Time, _random) = (configure, options, time, random);
        Journal = journal ?? new InMemoryRunJournal(time);
        _door = CrashingJournal.Counting(Journal);
        var seen = through?.Invoke(_door) ?? _door;

        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IRandomSource>(random);
        services.AddSingleton<ILoggerFactory>(_log);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        var builder = services.AddOrchestrator(options).UseJournal(_ => seen);
        configure(builder);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>The clock. It is shared with every host that is made of this one by <see cref="Restart"/>.</summary>
    public ManualTimeProvider Time { get; }

    /// <summary>The journal itself, past whatever stands between it and the host.</summary>
    public IRunJournal Journal { get; }

    /// <summary>The orchestrator under test.</summary>
    public IOrchestrator Orchestrator => _services.GetRequiredService<IOrchestrator>();

    /// <summary>The services of this host.</summary>
    public IServiceProvider Services => _services;

    /// <summary>Everything that this host has logged so far.</summary>
    public IReadOnlyList<LogLine> Log => _log.Lines;

    /// <summary>Accepts a task of this goal and drives it until it ends or waits for a person.</summary>
    public Task<RunResult> RunAsync(string goal, CancellationToken cancellationToken = default) => RunAsync(new TaskRequest(goal), cancellationToken);

    /// <summary>Accepts a task and drives it until it ends or waits for a person.</summary>
    public Task<RunResult> RunAsync(TaskRequest task, CancellationToken cancellationToken = default) => Orchestrator.RunAsync(task, cancellationToken);

    /// <summary>The record of a run, as far as it has come.</summary>
    public ValueTask<RunRecord> RecordAsync(RunId run, CancellationToken cancellationToken = default) => Orchestrator.ReadAsync(run, cancellationToken);

    /// <summary>Waits for an event of a run, past or future, without sleeping.</summary>
    /// <typeparam name="TEvent">The kind of event.</typeparam>
    /// <param name="run">The run, which somebody else drives.</param>
    /// <param name="match">Chooses among events of that kind; the first, if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The first event that matches.</returns>
    /// <exception cref="InvalidOperationException">The run ended without one.</exception>
    /// <exception cref="TimeoutException">None came for half a minute of real time.</exception>
    public async Task<TEvent> WaitForAsync<TEvent>(RunId run, Func<TEvent, bool>? match = null, CancellationToken cancellationToken = default)
        where TEvent : RunEvent
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await foreach (var recorded in Orchestrator.WatchAsync(run, cancellationToken: patience.Token).ConfigureAwait(false))
            {
                if (recorded.Event is TEvent found && match?.Invoke(found) != false)
                {
                    return found;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Run {run}: no {typeof(TEvent).Name} that matches came within {Patience}. Is somebody driving the run, and does it wait for the clock to be moved?");
        }

        throw new InvalidOperationException($"Run {run} ended without a {typeof(TEvent).Name} that matches.");
    }

    /// <summary>Starts what a host starts: the check of the wiring and, with <c>RunInBackground</c>, the driver.</summary>
    public async Task StartHostAsync(CancellationToken cancellationToken = default)
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(cancellationToken).ConfigureAwait(false);
            _started.Add(service);
        }
    }

    /// <summary>Stops the host as an application that shuts down does: calls under way have the drain time, on the virtual clock, to finish.</summary>
    public async Task StopHostAsync(CancellationToken cancellationToken = default)
    {
        foreach (var service in _started.AsEnumerable().Reverse())
        {
            await service.StopAsync(cancellationToken).ConfigureAwait(false);
        }

        _started.Clear();
    }

    /// <summary>
    /// Ends this host as a crash does, and makes a fresh one over the same journal: nothing that the old one still does reaches the journal any more. The clock
    /// moves on by a minute, so that claims of the old host have run out.
    /// </summary>
    /// <param name="configure">Another wiring; the same one if <see langword="null"/>.</param>
    /// <param name="through">Puts something between the new host and the journal.</param>
    /// <returns>The new host, to be disposed of beside this one.</returns>
    public OrchestratorHarness Restart(Action<OrchestratorBuilder>? configure = null, Func<IRunJournal, IRunJournal>? through = null)
    {
        _door.Crash();
        Time.Advance(LongerThanALease);
        return Beside(configure, through);
    }

    /// <summary>Makes a second host over the same journal and clock, while this one goes on: another process on the same database.</summary>
    /// <param name="configure">Another wiring; the same one if <see langword="null"/>.</param>
    /// <param name="through">Puts something between the new host and the journal.</param>
    /// <returns>The second host, to be disposed of beside this one.</returns>
    public OrchestratorHarness Beside(Action<OrchestratorBuilder>? configure = null, Func<IRunJournal, IRunJournal>? through = null) =>
        new(configure ?? _configure, _options, Time, _random, Journal, through);

    /// <summary>Ends the host without letting anything finish.</summary>
    public async ValueTask DisposeAsync()
    {
        _door.Crash();
        foreach (var service in _started)
        {
            await service.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }

        await _services.DisposeAsync().ConfigureAwait(false);
    }
}
