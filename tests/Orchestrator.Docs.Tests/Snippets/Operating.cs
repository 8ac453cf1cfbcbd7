using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Docs.Tests.Examples;

internal static class Operating
{
    public static void Tenants(IServiceCollection services, string folder, IReadOnlyDictionary<string, string> repositories)
    {
        // <snippet:operating-tenants>
        foreach (var (tenant, repository) in repositories)
        {
            services.AddOrchestrator(tenant)
                .AddWorkflow("nightly", new Durability.NightlyDecider())
                .UseGit(git => git.AddRepository("app", repository, test: "make test"))
                .UseSqliteJournal(Path.Combine(folder, tenant + ".db"))
                .RunInBackground(maxRuns: 2);
        }

        // Where a request comes in: provider.GetRequiredKeyedService<IOrchestrator>(tenant)
        // </snippet>
    }

    // <snippet:operating-tenant-check>
    public static async Task<RunRecord> ReadAsync(IOrchestrator orchestrator, RunId run, string tenant)
    {
        var record = await orchestrator.ReadAsync(run);
        return record.State.Task.Tenant == tenant ? record : throw new RunNotFoundException(run);
    }

    // </snippet>
    public static void Protect(IServiceCollection services, byte[] key)
    {
        // <snippet:operating-protector-register>
        services.AddSingleton<IPayloadProtector>(new AesProtector(key));
        // </snippet>
    }

    public static void Drain(IServiceCollection services)
    {
        // <snippet:operating-drain>
        services.AddOrchestrator(options => options.DrainTime = TimeSpan.FromSeconds(20));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(40));
        // </snippet>
    }

    public static TaskRequest Monorepo(OrchestratorBuilder builder)
    {
        // <snippet:operating-monorepo>
        builder.UseGit(git =>
        {
            git.CheckoutFolder = "/var/tmp/checkouts";
            git.AddRepository("web", new GitRepositoryOptions("../monorepo")
            {
                Test = "cd apps/web && npm test",
                SetUp = "cd apps/web && npm ci",
                Subset = new TestSubset("cd apps/web && npm test -- {tests}"),
                TimeLimit = TimeSpan.FromMinutes(20),
            });
        });
        // </snippet>
        // <snippet:operating-monorepo-task>
        var task = new TaskRequest("Fix the crash when saving drafts")
        {
            Scope = new() { Repo = "web", Paths = ["apps/web/**", "libs/text/**"] },
        };
        // </snippet>
        return task;
    }

    public static ActivityListener Trace(Action<string> write)
    {
        // <snippet:operating-tracing>
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Orchestrator",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => write($"{span.OperationName} {span.GetTagItem("orchestrator.run_id")} {span.GetTagItem("orchestrator.capability")} {span.Duration}"),
        };
        ActivitySource.AddActivityListener(listener);
        // </snippet>
        return listener;
    }
}

// <snippet:operating-protector>
public sealed class AesProtector(byte[] key) : IPayloadProtector
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public byte[] Protect(ReadOnlySpan<byte> content)
    {
        var made = new byte[NonceSize + TagSize + content.Length];
        RandomNumberGenerator.Fill(made.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(made.AsSpan(0, NonceSize), content, made.AsSpan(NonceSize + TagSize), made.AsSpan(NonceSize, TagSize));
        return made;
    }

    public byte[] Unprotect(ReadOnlySpan<byte> content)
    {
        var opened = new byte[content.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(content[..NonceSize], content[(NonceSize + TagSize)..], content.Slice(NonceSize, TagSize), opened);
        return opened;
    }
}
// </snippet>
