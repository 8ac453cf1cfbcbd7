using System.Text.Json;
using System.Threading.Channels;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

/// <summary>What tests of the engine say often, said shortly.</summary>
internal static class Hosts
{
    public static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A host whose workflow is one function.</summary>
    public static OrchestratorHarness With(Func<TaskState, Decision> decide, Action<OrchestratorBuilder> configure, Action<OrchestratorOptions>? options = null, IRunJournal? journal = null) =>
        new(
            host =>
            {
                host.AddWorkflow("test", decide);
                configure(host);
            },
            options,
            journal: journal);

    /// <summary>Plans once, and finishes when nothing is left to do.</summary>
    public static Func<TaskState, Decision> Planned(params PlanStep[] steps) => state => state.Plan.Steps.Count == 0
        ? new Decision.Replan(new Plan(steps))
        : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done.");

    /// <summary>Makes these calls at once, and finishes when all have ended.</summary>
    public static Func<TaskState, Decision> Calls(params WorkerCall[] calls) => state => state.Calls.Count == 0
        ? new Decision.CallWorker(calls)
        : state.OpenCalls.Count > 0 ? new Decision.Continue(Decision.WakeOn.Idle) : new Decision.Finish("Done.");

    /// <summary>Makes these decisions, one after the other.</summary>
    public static Func<TaskState, Decision> Script(params Func<TaskState, Decision>[] decisions)
    {
        return state => decisions[Math.Min(state.Steps, decisions.Length - 1)](state);
    }

    public static PlanStep Step(string id, string capability, params string[] needs) => new(id, capability, $"Do {id}") { DependsOn = needs };

    public static WorkerCall Call(string capability) => WorkerCall.To(capability, Nothing);

    public static JsonElement Reply(string json = """{"status":"success"}""") => JsonDocument.Parse(json).RootElement;

    public static OrchestratorBuilder AddStub(this OrchestratorBuilder host, string capability, Func<WorkerContext, CancellationToken, Task<JsonElement>> work, Action<WorkerOptions>? configure = null) =>
        host.AddWorker(capability, new StubWorker((_, context, token) => work(context, token)), configure);

    public static OrchestratorBuilder AddStub(this OrchestratorBuilder host, string capability, string json = """{"status":"success"}""") =>
        host.AddStub(capability, (_, _) => Task.FromResult(Reply(json)));

    /// <summary>Waits for real work, and fails rather than hangs.</summary>
    public static Task<T> Soon<T>(this Task<T> work) => work.WaitAsync(Patience);

    public static Task Soon(this Task work) => work.WaitAsync(Patience);

    /// <summary>Moves the clock on, a step at a time, until the work is done.</summary>
    public static async Task<T> PassTimeAsync<T>(this OrchestratorHarness harness, Task<T> work, TimeSpan? step = null)
    {
        await harness.PassTimeAsync((Task)work, step);
        return await work;
    }

    public static async Task PassTimeAsync(this OrchestratorHarness harness, Task work, TimeSpan? step = null)
    {
        var patience = Task.Delay(Patience);
        while (!work.IsCompleted)
        {
            Assert.False(patience.IsCompleted, "Time passes and nothing comes of it.");
            harness.Time.Advance(step ?? TimeSpan.FromMilliseconds(250));

            // Not a wait for something: others get their turn between two moves of the clock.
            await Task.WhenAny(work, Task.Delay(1));
        }

        await work;
    }

    public static IEnumerable<T> Of<T>(this RunRecord record)
        where T : RunEvent => record.Events.Select(recorded => recorded.Event).OfType<T>();

    public static string[] Steps(this RunRecord record) => [.. record.State.Calls.Select(call => call.Call.Step ?? call.Call.Capability)];
}

/// <summary>A worker that is one function.</summary>
internal sealed class StubWorker(Func<JsonElement, WorkerContext, CancellationToken, Task<JsonElement>> work) : IWorker
{
    public Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken) => work(input, context, cancellationToken);
}

/// <summary>A worker that says when it has begun and goes on when it is let.</summary>
internal sealed class GatedWorker : IWorker
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<int> _begun = Channel.CreateUnbounded<int>();
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public bool IgnoresCancellation { get; init; }

    public string Json { get; init; } = """{"status":"success"}""";

    public CancellationToken Token { get; private set; }

    /// <summary>Completes once for every call that has begun.</summary>
    public Task BegunAsync() => _begun.Reader.ReadAsync().AsTask().Soon();

    public void Open() => _gate.TrySetResult();

    public async Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken)
    {
        Token = cancellationToken;
        _begun.Writer.TryWrite(Interlocked.Increment(ref _runs));
        await (IgnoresCancellation ? _gate.Task : _gate.Task.WaitAsync(cancellationToken));
        return Hosts.Reply(Json);
    }
}
