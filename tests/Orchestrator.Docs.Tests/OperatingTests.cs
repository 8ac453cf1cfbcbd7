using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Docs.Tests.Examples;
using Orchestrator.Testing;

namespace Orchestrator.Docs.Tests;

/// <summary>What the page on operating shows does what it says.</summary>
public sealed class OperatingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-operating-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_tenant_has_an_orchestrator_and_a_journal_of_its_own()
    {
        var services = new ServiceCollection();
        Operating.Tenants(services, _folder, new Dictionary<string, string> { ["acme"] = "../acme", ["contoso"] = "../contoso" });
        await using var provider = services.BuildServiceProvider();

        Assert.NotSame(provider.GetRequiredKeyedService<IOrchestrator>("acme"), provider.GetRequiredKeyedService<IOrchestrator>("contoso"));
        Assert.Null(provider.GetService<IOrchestrator>());
    }

    [Fact]
    public async Task A_run_is_read_by_its_own_tenant_only()
    {
        await using var provider = Host(_ => { });
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var run = await orchestrator.StartAsync(new TaskRequest("Look") { Tenant = "acme" });

        Assert.Equal("Look", (await Operating.ReadAsync(orchestrator, run, "acme")).State.Task.Goal);
        await Assert.ThrowsAsync<RunNotFoundException>(() => Operating.ReadAsync(orchestrator, run, "contoso"));
    }

    [Fact]
    public async Task A_protector_keeps_inputs_out_of_the_file_and_the_record_readable()
    {
        var file = Path.Combine(_folder, "runs.db");
        await using (var provider = Host(services => Operating.Protect(services, new byte[32]), file))
        {
            var result = await provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Look"));
            var record = await provider.GetRequiredService<IOrchestrator>().ReadAsync(result.Run);

            Assert.Contains("hidden words", record.Read(result.Calls[0].Call.Input).ToString(), StringComparison.Ordinal);
        }

        foreach (var part in Directory.GetFiles(_folder))
        {
            Assert.DoesNotContain("hidden words", await File.ReadAllTextAsync(part), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_drain_and_the_hosts_patience_are_set_as_shown()
    {
        var services = new ServiceCollection();
        Operating.Drain(services);
        await using var provider = services.BuildServiceProvider();

        Assert.True(provider.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout > provider.GetRequiredService<IOptions<OrchestratorOptions>>().Value.DrainTime);
    }

    [Fact]
    public async Task A_monorepo_is_registered_as_shown()
    {
        var services = new ServiceCollection();
        var builder = services.AddOrchestrator().AddWorkflow("w", _ => new Decision.Finish("Done."));
        var task = Operating.Monorepo(builder);
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IOrchestrator>());
        Assert.Equal("web", task.Scope.Repo);
    }

    [Fact]
    public async Task Spans_name_run_and_capability()
    {
        var spans = new ConcurrentBag<string>();
        using var listening = Operating.Trace(spans.Add);
        await using var provider = Host(_ => { });

        var result = await provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Look"));

        Assert.Contains(spans, span => span.StartsWith($"orchestrator.run {result.Run}", StringComparison.Ordinal));
        Assert.Contains(spans, span => span.StartsWith($"orchestrator.call {result.Run} say", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Old_runs_are_deleted_whole_new_ones_stay_and_a_backup_is_a_journal()
    {
        var sql = Pages.Blocks(Path.Combine(Pages.Root, "docs", "operating.md")).Where(block => block.Language == "sql").Select(block => block.Code.Value).ToList();
        var file = Path.Combine(_folder, "runs.db");
        var backup = Path.Combine(_folder, "runs-backup.db");
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-100));
        RunId old;
        await using (var provider = Host(services => services.AddSingleton<TimeProvider>(clock), file))
        {
            old = (await provider.GetRequiredService<IOrchestrator>().RunAsync(new TaskRequest("Old"))).Run;
        }

        await using var host = Host(_ => { }, file);
        var orchestrator = host.GetRequiredService<IOrchestrator>();
        var kept = (await orchestrator.RunAsync(new TaskRequest("New"))).Run;
        Execute(file, sql[1].Replace("runs-backup.db", backup, StringComparison.Ordinal));
        Execute(file, sql[0]);

        await Assert.ThrowsAsync<RunNotFoundException>(() => orchestrator.ReadAsync(old).AsTask());
        Assert.Equal(RunStatus.Succeeded, (await orchestrator.ReadAsync(kept)).State.Status);
        Assert.Equal(0L, Execute(file, $"SELECT (SELECT count(*) FROM events WHERE run = '{old}') + (SELECT count(*) FROM blobs WHERE run = '{old}')"));
        await using var copy = Host(_ => { }, backup);
        Assert.Equal(RunStatus.Succeeded, (await copy.GetRequiredService<IOrchestrator>().ReadAsync(old)).State.Status);
    }

    private static object? Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>A host whose runs make one call with a long input.</summary>
    private static ServiceProvider Host(Action<IServiceCollection> configure, string file = "")
    {
        var services = new ServiceCollection();
        configure(services);
        var builder = services.AddOrchestrator()
            .AddWorkflow("w", state => state.Calls.Count == 0 ? Decision.Call("say", new { text = string.Concat(Enumerable.Repeat("hidden words ", 1000)) }) : new Decision.Finish("Done."))
            .AddWorker<Said, Said>("say", (said, _) => Task.FromResult(said));
        if (file.Length > 0)
        {
            builder.UseSqliteJournal(file);
        }

        return services.BuildServiceProvider();
    }

    private sealed record Said(string Text);
}
