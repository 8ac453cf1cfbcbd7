using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Workers;

public sealed class WorkerBindingTests
{
    private readonly TreeOfFiles _files = new() { ["a.txt"] = "hello" };

    [Fact]
    public async Task A_typed_worker_gets_its_files_and_its_output_becomes_json()
    {
        var worker = Own(new Typed((input, _) => new Output(WorkerClaim.Partial) { Change = new PatchText("--- " + input.File.Text) }));

        var reply = await RunAsync(worker, """{"file":"a.txt"}""");

        Assert.Equal(CallResult.ReplyValidity.Valid, reply.Validity);
        Assert.Equal("""{"status":"partial","change":"--- hello"}""", reply.Output.GetRawText());
    }

    [Fact]
    public async Task Null_from_a_typed_worker_is_a_failed_reply()
    {
        var reply = await RunAsync(Own(new Typed((_, _) => null!)), """{"file":"a.txt"}""");

        Assert.Equal(CallResult.ReplyValidity.Failed, reply.Validity);
        Assert.Contains("null", Assert.Single(reply.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_where_an_output_must_have_a_value_is_a_failed_reply()
    {
        var reply = await RunAsync(WorkerBinding.Typed(new WorkerContract<Empty, Broken>("broken"), new Listing(), null), "{}");

        Assert.Equal(CallResult.ReplyValidity.Failed, reply.Validity);
        Assert.Contains("$.items", Assert.Single(reply.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("undefined", CallResult.ReplyValidity.Failed)]
    [InlineData("""{"status":"great"}""", CallResult.ReplyValidity.Degraded)]
    [InlineData("""{"status":3}""", CallResult.ReplyValidity.Degraded)]
    [InlineData("""{"status":"failed"}""", CallResult.ReplyValidity.Valid)]
    [InlineData("""{}""", CallResult.ReplyValidity.Valid)]
    [InlineData("""[1]""", CallResult.ReplyValidity.Valid)]
    public async Task A_json_workers_reply_is_checked_for_its_claim(string output, CallResult.ReplyValidity expected)
    {
        var worker = WorkerBinding.Json(new Json(output switch
        {
            "undefined" => default,
            _ => Parse(output),
        }));

        Assert.Equal(expected, (await RunAsync(worker, """{"x":1}""")).Validity);
    }

    [Fact]
    public async Task A_json_worker_gets_the_payload_as_it_stands()
    {
        JsonElement seen = default;
        var worker = WorkerBinding.Json(new Json(Parse("{}"), input => seen = input));

        await RunAsync(worker, """{"file":"missing.txt"}""");

        Assert.Equal("""{"file":"missing.txt"}""", seen.GetRawText());
        Assert.Empty(_files.Reads);
    }

    [Fact]
    public async Task Exceptions_of_the_worker_pass_through()
    {
        var worker = Own(new Typed((_, _) => throw new DivideByZeroException()));

        await Assert.ThrowsAsync<DivideByZeroException>(() => RunAsync(worker, """{"file":"a.txt"}"""));
    }

    [Fact]
    public async Task An_own_binder_is_used_and_its_refusal_is_about_the_input()
    {
        var binder = new Binder();
        var worker = Own(new Typed((input, _) => new Output(WorkerClaim.Success) { Change = new PatchText(input.File.Text) }), binder);

        Assert.Equal("by hand", (await RunAsync(worker, """{"n":1}""")).Output.GetProperty("change").GetString());
        var failure = await Assert.ThrowsAsync<InputBindingException>(() => RunAsync(worker, "{}"));
        Assert.Equal("There is no n.", failure.Message);
    }

    [Fact]
    public async Task A_contract_and_generated_metadata_need_no_reflection()
    {
        var worker = WorkerBinding.Typed(Reviewer.Contract, new Approver(), null);

        var reply = await RunAsync(worker, """{"goal":"g","diff":"d"}""");

        Assert.Equal("""{"status":"success","verdict":"approved","comments":[],"notes":"","warnings":[]}""", reply.Output.GetRawText());
    }

    private static Func<JsonElement, IFileReader, WorkerContext, CancellationToken, ValueTask<BoundReply>> Own(Typed worker, IInputBinder<Input>? binder = null) =>
        WorkerBinding.Typed(new WorkerContract<Input, Output>("own"), worker, binder);

    private Task<BoundReply> RunAsync(Func<JsonElement, IFileReader, WorkerContext, CancellationToken, ValueTask<BoundReply>> worker, string payload) =>
        worker(Parse(payload), _files, new WorkerContext(), default).AsTask();

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public sealed record Input(SourceFile File);

    public sealed record Output(WorkerClaim Status)
    {
        public PatchText? Change { get; init; }
    }


    public sealed record Empty;

    public sealed record Broken(IReadOnlyList<string?> Items);

    private sealed class Typed(Func<Input, WorkerContext, Output> run) : IWorker<Input, Output>
    {
        public Task<Output> RunAsync(Input input, WorkerContext context, CancellationToken cancellationToken) => Task.FromResult(run(input, context));
    }

    private sealed class Listing : IWorker<Empty, Broken>
    {
        public Task<Broken> RunAsync(Empty input, WorkerContext context, CancellationToken cancellationToken) => Task.FromResult(new Broken([null]));
    }

    private sealed class Json(JsonElement reply, Action<JsonElement>? see = null) : IWorker
    {
        public Task<JsonElement> RunAsync(JsonElement input, WorkerContext context, CancellationToken cancellationToken)
        {
            see?.Invoke(input);
            return Task.FromResult(reply);
        }
    }

    private sealed class Binder : IInputBinder<Input>
    {
        public ValueTask<Input> BindAsync(JsonElement payload, IFileReader files, CancellationToken cancellationToken) => payload.TryGetProperty("n", out _)
            ? ValueTask.FromResult(new Input(new SourceFile(RepoPath.Parse("x", null), "by hand", "h", "r")))
            : throw new OrchestratorException("There is no n.");
    }

    private sealed class Approver : IWorker<Reviewer.Input, Reviewer.Output>
    {
        public Task<Reviewer.Output> RunAsync(Reviewer.Input input, WorkerContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new Reviewer.Output(WorkerClaim.Success, Reviewer.Opinion.Approved));
    }
}
