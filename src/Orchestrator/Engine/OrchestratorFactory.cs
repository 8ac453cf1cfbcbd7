using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Patching;

namespace Orchestrator.Engine;

/// <summary>Makes an orchestrator of what was registered, or says everything that is wrong with it.</summary>
internal static class OrchestratorFactory
{
    public static OrchestratorService Create(IServiceProvider services, OrchestratorBuilder builder)
    {
        var options = services.GetRequiredService<IOptionsMonitor<OrchestratorOptions>>().Get(builder.Name ?? Options.DefaultName);
        var time = services.GetRequiredService<TimeProvider>();
        var random = services.GetRequiredService<IRandomSource>();
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger("Orchestrator") ?? NullLogger.Instance;
        var workflows = builder.Workflows.Select(make => make(services)).ToList();
        var models = builder.Models.Select(make => make(services)).ToList();
        var policies = builder.Policies.Select(make => make(services)).ToList();
        var workers = WorkersInForce(builder);
        var problems = FindProblems(options, workflows, models, policies, workers).Concat(FindMissingModels(builder, models)).ToList();
        if (problems.Count > 0)
        {
            throw new OrchestratorException(
                $"The orchestrator{(builder.Name is null ? "" : $" '{builder.Name}'")} is not wired up rightly:{string.Concat(problems.Select(problem => $"\n- {problem}"))}");
        }

        var redactor = new Redactor(builder.Secrets.Select(secret => secret(services)));
        var registry = new Registry(options, workflows, workers.Select(worker => worker.Bind(services)), models, policies, redactor, PatchOptions.Default, time, random);
        return new OrchestratorService(
            registry,
            builder.Journal?.Invoke(services) ?? new InMemoryRunJournal(time),
            builder.Workspace?.Invoke(services),
            services.GetService<IPayloadProtector>(),
            time,
            random,
            logger,
            new ProgressHub([.. builder.Observers], logger));
    }

    private static IEnumerable<string> FindMissingModels(OrchestratorBuilder builder, List<RegisteredModel> models) =>
        from deciding in builder.DecidingModels
        where models.TrueForAll(model => model.Name != deciding.Model)
        select $"Workflow '{deciding.Workflow}' is decided by the model '{deciding.Model}', which is not registered; add it with AddModel.";

    public static IHostedService CreateBackground(IServiceProvider services, string key, int maxRuns) => new BackgroundDriver(
        services.GetRequiredKeyedService<OrchestratorService>(key),
        maxRuns,
        services.GetService<ILoggerFactory>()?.CreateLogger("Orchestrator.Background") ?? NullLogger.Instance);

    /// <summary>A worker that the host registers itself takes the place of a ready-made one of the same capability and version.</summary>
    private static List<WorkerRegistration> WorkersInForce(OrchestratorBuilder builder)
    {
        var own = builder.Workers.Where(worker => !worker.IsReadyMade).Select(worker => (worker.Capability, worker.Version)).ToHashSet();
        return [.. builder.Workers.Where(worker => !worker.IsReadyMade || !own.Contains((worker.Capability, worker.Version)))];
    }

    private static IEnumerable<string> FindProblems(
        OrchestratorOptions options,
        List<Workflow> workflows,
        List<RegisteredModel> models,
        List<IPolicy> policies,
        List<WorkerRegistration> workers)
    {
        if (workflows.Count == 0)
        {
            yield return "No workflow is registered; add one with AddWorkflow.";
        }

        foreach (var name in Twice(workflows.Select(workflow => workflow.Name)))
        {
            yield return $"Two workflows are named '{name}'.";
        }

        foreach (var name in Twice(models.Select(model => model.Name)))
        {
            yield return $"Two models are named '{name}'.";
        }

        foreach (var id in Twice(policies.Select(policy => policy.Id)))
        {
            yield return $"Two policies have the id '{id}'; verdicts could not be told apart.";
        }

        foreach (var capability in Twice(workers.Select(worker => $"{worker.Capability}/{worker.Version}")))
        {
            yield return $"Two workers carry out {capability}.";
        }

        foreach (var worker in workers)
        {
            if (Registry.IsEngineCapability(worker.Capability))
            {
                yield return $"'{worker.Capability}' is carried out by the engine; give your worker another name.";
            }

            if (worker.Model is { } model && models.TrueForAll(each => each.Name != model))
            {
                yield return $"Worker '{worker.Capability}' uses the model '{model}', which is not registered; add it with AddModel.";
            }
        }

        if (options.MaxCost is not null)
        {
            foreach (var model in models.Where(model => model.Options.Price is null))
            {
                yield return $"MaxCost is set, but the model '{model.Name}' has no price; give AddModel one, or money cannot be held for it.";
            }

            foreach (var worker in workers.Where(worker => worker.OwnModel is { MaxCost: null }))
            {
                yield return $"MaxCost is set, but the worker '{worker.Capability}' reaches a model by itself and says no maximum; give WithOwnModel one, or money cannot be held for it.";
            }
        }

        foreach (var (name, isWrong) in new[]
        {
            (nameof(options.MaxSteps), options.MaxSteps < 1),
            (nameof(options.MaxRunTime), options.MaxRunTime <= TimeSpan.Zero),
            (nameof(options.MaxCallTime), options.MaxCallTime <= TimeSpan.Zero),
            (nameof(options.MaxAttempts), options.MaxAttempts < 1),
            (nameof(options.MaxParallelCalls), options.MaxParallelCalls < 1),
            (nameof(options.MaxCost), options.MaxCost <= 0),
            (nameof(options.MaxTokens), options.MaxTokens < 1),
            (nameof(options.DrainTime), options.DrainTime < TimeSpan.Zero),
        })
        {
            if (isWrong)
            {
                yield return $"{name} is not above zero.";
            }
        }
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names) => names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);
}
