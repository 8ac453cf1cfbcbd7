using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine;

/// <summary>The front door over one registry and one journal.</summary>
internal sealed class OrchestratorService(
    Registry registry,
    IRunJournal journal,
    IWorkspaceProvider? workspaces,
    IPayloadProtector? protector,
    TimeProvider time,
    IRandomSource random,
    ILogger logger,
    ProgressHub progress) : IOrchestrator
{
    private readonly RunSignals _signals = new(time);
    private readonly RunHost _host = new(registry, journal, workspaces, protector, time, random, logger, progress);

    /// <summary>Set when a task was accepted, for the background host.</summary>
    public event Action? Accepted;

    public TimeProvider Time => time;

    public async ValueTask<RunId> StartAsync(TaskRequest task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        var problems = TaskCheck.FindProblems(task, registry);
        if (workspaces is not null && await workspaces.FindProblemAsync(task.Scope, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            problems.Add(problem);
        }

        if (problems.Count > 0)
        {
            throw new TaskRejectedException(problems);
        }

        var run = new RunId(random.NewId());
        var workflow = registry.FindWorkflow(task.Workflow)!;
        var accepted = new RunEvent.Accepted(TaskCheck.Clean(task, registry.Redactor), registry.Describe(workflow, TaskCheck.Limits(task, registry.Options)));
        await journal.AppendAsync(run, 0, 0, [new RunEvent.Recorded(1, time.GetUtcNow(), accepted)], cancellationToken).ConfigureAwait(false);
        using (Scope(run))
        {
            Log.Accepted(logger, workflow.Name);
        }

        Accepted?.Invoke();
        return run;
    }

    /// <summary>Whether this host is registered as the run needs it.</summary>
    public bool CanDrive(TaskState state) => state.UnknownEvent.Length == 0 && registry.FindDifferences(state.Registration).Count == 0;

    public async Task<RunResult> ResumeAsync(RunId run, CancellationToken cancellationToken = default)
    {
        using (Scope(run))
        {
            var state = await _host.DriveAsync(run, _signals, cancellationToken).ConfigureAwait(false);
            var diff = await Payloads(run).ReadAsync(state.Facts.Diff, CancellationToken.None).ConfigureAwait(false);
            return RunResult.Of(state, diff);
        }
    }

    public async IAsyncEnumerable<RunEvent.Recorded> WatchAsync(RunId run, long fromSequence = 1, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var next = 1L;
        var hasEnded = false;
        while (true)
        {
            var changed = _signals.Next(run);
            await foreach (var recorded in journal.ReadAsync(run, next, cancellationToken).ConfigureAwait(false))
            {
                next = recorded.Sequence + 1;
                hasEnded |= recorded.Event is RunEvent.Finished;
                if (recorded.Sequence >= fromSequence)
                {
                    yield return recorded;
                }
            }

            if (next == 1)
            {
                throw new RunNotFoundException(run);
            }

            if (hasEnded)
            {
                yield break;
            }

            await _signals.WaitAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask CancelAsync(RunId run, string reason = "", CancellationToken cancellationToken = default)
    {
        var state = await FoldAsync(run, cancellationToken).ConfigureAwait(false);
        if (!state.HasEnded)
        {
            await PostAsync(run, new IRunJournal.Command.Cancel(reason), cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask AnswerAsync(RunId run, CallId call, string answer, string by = "", CancellationToken cancellationToken = default)
    {
        var state = await FoldAsync(run, cancellationToken).ConfigureAwait(false);
        if (state.Find(call) is not { Status: CallState.Phase.AwaitingAnswer, Question: { } question })
        {
            var open = state.OpenCalls.Where(each => each.Status == CallState.Phase.AwaitingAnswer).Select(each => each.Id).ToList();
            throw new OrchestratorException($"Run {run}: {call} asks nothing now; {(open.Count == 0 ? "no call does" : $"asking: {string.Join(", ", open)}")}.");
        }

        if (question.Options.Count > 0 && !question.Options.Contains(answer))
        {
            throw new OrchestratorException($"Run {run}: '{answer}' is no answer to {call}; choose one of {string.Join(", ", question.Options)}.");
        }

        await PostAsync(run, new IRunJournal.Command.Answer(call, answer, by), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask RaiseBudgetAsync(RunId run, Budget budget, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(budget);
        await FoldAsync(run, cancellationToken).ConfigureAwait(false);
        await PostAsync(run, new IRunJournal.Command.RaiseBudget(budget), cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<RunSummary> ListAsync(RunSummary.Query? query = null, CancellationToken cancellationToken = default) =>
        journal.ListAsync(query ?? new RunSummary.Query(), cancellationToken);

    public ValueTask<RunRecord> ReadAsync(RunId run, CancellationToken cancellationToken = default) =>
        RunRecord.LoadAsync(journal, run, Payloads(run), cancellationToken);

    private PayloadStore Payloads(RunId run) => new(journal, run, registry.Redactor, protector);

    private async ValueTask PostAsync(RunId run, IRunJournal.Command command, CancellationToken cancellationToken)
    {
        await journal.PostAsync(run, command, cancellationToken).ConfigureAwait(false);
        _signals.Mail(run);
        Accepted?.Invoke();
    }

    public async ValueTask<TaskState> FoldAsync(RunId run, CancellationToken cancellationToken)
    {
        var state = new TaskState(run);
        await foreach (var recorded in journal.ReadAsync(run, 1, cancellationToken).ConfigureAwait(false))
        {
            state = state.Apply(recorded);
        }

        return state.Sequence > 0 ? state : throw new RunNotFoundException(run);
    }

    public IDisposable? Scope(RunId run) => logger.BeginScope(new KeyValuePair<string, object>[] { new("RunId", run.ToString()) });
}
