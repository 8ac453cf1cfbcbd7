using Orchestrator.Contracts;

namespace Orchestrator.Engine;

/// <summary>Makes the events of new calls. A call that nothing has to precede is started by the very batch that creates it: one append, and on a disk one flush, less.</summary>
internal sealed class NewCalls(Registry registry)
{
    /// <summary>Adds the events of new calls to a batch that follows a state.</summary>
    public void AddTo(List<RunEvent> batch, TaskState state, IReadOnlyList<WorkerCall> calls)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            var id = new CallId(state.Calls.Count + 1 + i);
            batch.Add(new RunEvent.CallCreated(id, calls[i]));
            if (state.Ledger.OpenSpan.Length + i < registry.Options.MaxParallelCalls && state.Limit is null && StartsAtOnce(calls[i], state))
            {
                batch.Add(new RunEvent.CallStarted(id, state.Head));
            }
        }
    }

    /// <summary>A call that is judged first or asks a person does not; nor does one that cannot be repeated, because its start must say that it really was about to run.</summary>
    private bool StartsAtOnce(WorkerCall call, TaskState state) =>
        registry.Policies.Count == 0
        && call.Capability != Person.Capability
        && registry.IsRepeatable(call)
        && Scheduler.HasInputs(call, state);
}
