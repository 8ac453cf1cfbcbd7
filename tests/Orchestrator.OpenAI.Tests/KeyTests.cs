using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;

namespace Orchestrator.Tests;

/// <summary>Keys come from the environment and go to the server that they are for, and nowhere else.</summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_key_is_in_no_journal_log_transcript_exception_or_diff(bool isRefused)
    {
        using var key = new EnvironmentKey();
        var analysis = $$"""{"status":"success","likely_files":[{"path":"a.cs","reason":"x"}],"hypotheses":[{"statement":"a","evidence":"b"}],"notes":"I was given {{key.Value}}","warnings":[]}""";
        await using var server = new LoopbackServer(request => isRefused
            ? LoopbackReply.Error(401, $"Incorrect API key provided: {key.Value} ({request.Headers["Authorization"]})")
            : LoopbackReply.Says(analysis));
        var logs = new ConcurrentQueue<string>();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new CollectingLogs(logs)));
        services.AddOrchestrator()
            .AddOpenAIModel("coder", "coder", server.Endpoint, options: new OpenAIModelOptions { ApiKeyVariable = key.Variable })
            .AddCodingWorkers("coder")
            .AddWorkflow("once", state => state.Calls.Count == 0
                ? new Decision.CallWorker([Analysis.Contract.Call(new Analysis.Input("It crashes."))])
                : new Decision.Finish("Done.") { Status = RunStatus.Failed });
        await using var provider = services.BuildServiceProvider();
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Find the cause")).WaitAsync(TimeSpan.FromSeconds(30));

        var record = await orchestrator.ReadAsync(result.Run);
        Assert.Equal(isRefused, result.Calls[0].Failed);
        Assert.Contains(isRefused ? "Check the key in the environment variable" : "I was given", record.ToJsonLines() + record.ToMarkdown() + result.Calls[0].Result!.Output.Inline, StringComparison.Ordinal);
        foreach (var text in new[] { record.ToJsonLines(), record.ToMarkdown(), string.Join('\n', logs), $"{result.Calls[0].Result!.Error} {result.Summary}" })
        {
            Assert.DoesNotContain(key.Value, text, StringComparison.Ordinal);
        }

        Assert.Equal($"Bearer {key.Value}", server.Requests.First().Headers["Authorization"]);
    }

    [Fact]
    public async Task The_key_is_in_no_exception_of_the_client()
    {
        using var key = new EnvironmentKey();
        await using var server = new LoopbackServer(LoopbackReply.Error(400, $"What is {key.Value}?"));
        using var client = new OpenAIChatClient(OpenAITarget.Of("coder", server.Endpoint, new OpenAIModelOptions { ApiKeyVariable = key.Variable }));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync([new(Microsoft.Extensions.AI.ChatRole.User, "Hello?")]));

        Assert.Contains("What is [key]?", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Value, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_cannot_be_sent_is_named_by_its_variable_alone()
    {
        using var key = new EnvironmentKey("one-key\nand-more");

        var failure = Assert.Throws<OrchestratorException>(() => OpenAITarget.Of("coder", null, new OpenAIModelOptions { ApiKeyVariable = key.Variable }).Key());

        Assert.Contains(key.Variable, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("one-key", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hosted_model_without_a_key_says_which_variable_to_set()
    {
        var failure = Assert.Throws<OrchestratorException>(() => OpenAITarget.Of("coder", null, new OpenAIModelOptions { ApiKeyVariable = "ORCHESTRATOR_TEST_NO_KEY" }).Key());

        Assert.Contains("set the environment variable ORCHESTRATOR_TEST_NO_KEY", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_key_is_not_sent_in_the_clear_to_another_machine()
    {
        var target = OpenAITarget.Of("coder", new Uri("http://10.1.2.3:8000/v1"), new OpenAIModelOptions());

        Assert.Null(target.FindKey());
        Assert.Equal(OpenAITarget.Placeholder, target.Key());
    }

    [Theory]
    [InlineData("ftp://localhost/v1")]
    [InlineData("https://user:secret@localhost/v1")]
    public void An_address_that_is_none_is_refused_at_registration(string endpoint)
    {
        var failure = Assert.Throws<OrchestratorException>(() => new ServiceCollection().AddOrchestrator().AddOpenAIModel("m", "m", new Uri(endpoint)));

        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private sealed class CollectingLogs(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue(state.ToString()!);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
