using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Tests.Models;

namespace Orchestrator.Tests;

/// <summary>The exchanges in docs/models.md are those of the real code. Run with ORCHESTRATOR_UPDATE_DOCS=1 to write them anew.</summary>
public sealed class ModelDocTests
{
    private const string Mark = "<!-- exchanges -->\n";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_exchanges_in_the_documentation_are_those_of_the_code()
    {
        var file = Path.Combine(Root.Path, "docs", "models.md");
        var text = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
        var expected = text[..(text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)] + await ExchangesAsync();
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(file, expected);
            text = expected;
        }

        Assert.True(text == expected, "docs/models.md is stale: run this test with ORCHESTRATOR_UPDATE_DOCS=1 and look at what changed.");
    }

    private static async Task<string> ExchangesAsync()
    {
        var text = new StringBuilder();
        await WriteAsync(text, Planner.Contract);
        await WriteAsync(text, Analysis.Contract);
        await WriteAsync(text, CodeEdit.Contract);
        await WriteAsync(text, CodeEdit.Batch.Contract);
        await WriteAsync(text, TestWriter.Contract);
        await WriteAsync(text, StaticAnalysis.Contract);
        await WriteAsync(text, Reviewer.Contract);
        await WriteAsync(text, DocWriter.Contract);
        await WriteAsync(text, "decider", Sample("decision.replan"), (models, token) => DecideAsync(models, token));
        return text.ToString();
    }

    private static Task WriteAsync<TInput, TOutput>(StringBuilder text, WorkerContract<TInput, TOutput> contract)
        where TInput : class
        where TOutput : class =>
        WriteAsync(text, contract.Capability, Sample($"{contract.Capability}.output"), async (models, token) =>
        {
            var worker = new ModelWorker<TInput, TOutput>(contract, new ModelWorkerOptions("coder") { OffersTools = true });
            var input = JsonSerializer.Deserialize(Sample($"{contract.Capability}.input"), contract.InputType)!;
            var reply = await worker.RunAsync(input, new NoFiles(), new WorkerContext { Models = models, Task = new TaskRequest("Fix the crash when saving drafts") }, token);
            Assert.Equal(CallResult.ReplyValidity.Valid, reply.Validity);
        });

    private static async Task DecideAsync(IModels models, CancellationToken cancellationToken)
    {
        var cards = CapabilityCard.Of(CodingWorkers.All("coder", new Dictionary<string, string>()).Where(worker => worker.Capability is "analysis" or "code_edit"));
        RunEvent[] events =
        [
            new RunEvent.Accepted(new TaskRequest("Fix the crash when saving drafts"), new RunEvent.Accepted.Terms("open", "1", new Budget { Steps = 50, Tokens = 5_000_000 })),
            new RunEvent.Claimed("host", 1),
        ];
        var state = TaskState.Fold(new RunId(Guid.Empty), events.Select((each, index) => new RunEvent.Recorded(index + 1, DateTimeOffset.UnixEpoch, each)));
        Assert.IsType<Decision.Replan>(await new ModelDecider("coder").DecideAsync(state, new DeciderContext(models) { Capabilities = cards }, cancellationToken));
    }

    private static async Task WriteAsync(StringBuilder text, string role, string reply, Func<IModels, CancellationToken, Task> ask)
    {
        string[] events =
        [
            $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"coder","choices":[{"index":0,"delta":{"role":"assistant","content":{{JsonSerializer.Serialize(reply, Indented)}}},"finish_reason":null}]}""",
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"coder","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"coder","choices":[],"usage":{"prompt_tokens":1200,"completion_tokens":150,"total_tokens":1350}}""",
            "[DONE]",
        ];
        await using var server = new LoopbackServer(LoopbackReply.Events(events));
        using var key = new EnvironmentKey();
        using var model = new RegisteredModel("coder", () => new OpenAIChatClient(OpenAITarget.Of("coder", server.Endpoint, new OpenAIModelOptions { ApiKeyVariable = key.Variable })));

        await ask(new MeteredModels([model], new AttemptBook(), TimeProvider.System, new SeededRandom(1)), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        var request = Assert.Single(server.Requests);
        text.Append("\n### ").Append(role).Append("\n\nThe request:\n\n```json\n").Append(JsonSerializer.Serialize(request.Json, Indented)).Append("\n```\n\nThe response (`Content-Type: text/event-stream`):\n\n```text\n");
        text.AppendJoin("\n", events.Select(each => $"data: {each}\n")).Append("```\n");
    }

    private static string Sample(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.v1.json") ?? throw new InvalidOperationException($"There is no sample {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Trim();
    }

    private sealed class NoFiles : IFileReader
    {
        public IWorkspace.Revision? Revision { get; } = new("commit", "tree", "change");

        public ValueTask<SourceFile?> ReadAsync(RepoPath path, CancellationToken cancellationToken) => ValueTask.FromResult<SourceFile?>(null);

        public ValueTask<IReadOnlyList<RepoPath>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<RepoPath>>([]);

        public ValueTask<string> DiffAsync(CancellationToken cancellationToken) => ValueTask.FromResult("");
    }
}
