using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>What everything that works on one run here shares.</summary>
internal sealed class DriveContext(RunSession session, Registry registry, IWorkspace? workspace, ILogger logger, ProgressHub progress)
{
    private static readonly Action<string> NobodyLooksOn = static _ => { };

    private volatile bool _isStopping;

    public RunSession Session => session;

    public Registry Registry => registry;

    public OrchestratorOptions Options => registry.Options;

    public Judge Judge { get; } = new(registry.Policies, new PolicyContext(session.Payloads.ReadAsync));

    public NewCalls NewCalls { get; } = new(registry);

    public IWorkspace? Workspace => workspace;

    public Redactor Redactor => registry.Redactor;

    public ILogger Logger => logger;

    /// <summary>Commits of one run are made one at a time.</summary>
    public SemaphoreSlim CommitGate { get; } = new(1, 1);

    /// <summary>Whether this host gives the run up. What is then cut short is left without a receipt, not recorded as failed.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>Reads a revision, and remembers what was read until it is recorded.</summary>
    public RecordingFileReader ReaderOf(IWorkspace.Revision? revision) => new(this, revision);

    public IModels ModelsFor(AttemptLog attempts, CallId call) => registry.ModelsFor(attempts, ReportProgress(call));

    public Func<Payload, CancellationToken, ValueTask<System.Text.Json.JsonElement>> ReadPayload { get; } = session.Payloads.ReadAsync;

    public Action<string> ReportProgress(CallId call) => progress.HasObservers ? Reporting(call) : NobodyLooksOn;

    /// <summary>Ends a call, unless somebody else has ended it in the meantime.</summary>
    public ValueTask EndCallAsync(CallId id, CallResult result, params IReadOnlyList<RunEvent> before) =>
        session.AppendAsync((id, result, before), static (state, end) => state.Find(end.id) is not { Status: not CallState.Phase.Done } ? []
            : end.before.Count == 0 ? new RunEvent[] { new RunEvent.CallEnded(end.id, end.result) }
            : [.. end.before, new RunEvent.CallEnded(end.id, end.result)]);

    /// <summary>Records what a call did, unless it has ended in the meantime.</summary>
    /// <returns>Whether it was recorded; if not, nobody wants the rest of it.</returns>
    public async ValueTask<bool> RecordAsync(CallId id, params IReadOnlyList<RunEvent> events)
    {
        var isOpen = false;
        await session.AppendAsync(state =>
        {
            isOpen = state.Find(id) is { Status: not CallState.Phase.Done };
            return isOpen ? events : [];
        }).ConfigureAwait(false);
        return isOpen;
    }

    /// <summary>Records that a limit keeps the run from going on, once.</summary>
    public ValueTask ReachLimitAsync(Budget.Limit limit, string detail) =>
        session.AppendAsync((limit, detail), static (state, reached) => state.Limit is null ? [new RunEvent.LimitReached(reached.limit, reached.detail)] : []);

    /// <summary>Records what policies said of a call or its patch, and what follows from it.</summary>
    /// <returns>Whether it may go on.</returns>
    public async ValueTask<bool> RecordAsync(Judgement judgement, CallId call)
    {
        switch (judgement.Verdict)
        {
            case Verdict.Deny deny:
                await EndCallAsync(call, CallResult.OfFailure(CallResult.Failure.Codes.Denied, $"{judgement.Policy}: {deny.Reason}", session.State.Find(call)?.Reply?.Output ?? default), judgement.Events).ConfigureAwait(false);
                return false;
            case Verdict.Require require:
                var input = await session.Payloads.KeepAsync(require.Call.Input, CancellationToken.None).ConfigureAwait(false);
                await session.AppendAsync(state => state.Find(call) is { Status: not CallState.Phase.Done }
                    ? [.. judgement.Events, new RunEvent.CallCreated(new CallId(state.Calls.Count + 1), require.Call with { Input = input })]
                    : []).ConfigureAwait(false);
                return false;
            default:
                return judgement.Events.Count == 0 || await RecordAsync(call, judgement.Events).ConfigureAwait(false);
        }
    }

    private Action<string> Reporting(CallId call) => text => progress.Report(session.Run, call, text);
}
