using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Contracts;
using Orchestrator.Engine;

namespace Orchestrator;

/// <summary>Wires up one orchestrator: <c>Add</c> may be called many times, of <c>Use</c> the last call counts.</summary>
/// <remarks>Used while services are registered, by one thread. Mistakes are listed all at once when the orchestrator is first resolved or the host starts.</remarks>
public sealed class OrchestratorBuilder
{
    internal const string DefaultKey = "Orchestrator.Default";

    internal OrchestratorBuilder(IServiceCollection services, string? name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The application's services, for packages that add to them.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The key of this orchestrator; <see langword="null"/> for the application's only one.</summary>
    public string? Name { get; }

    internal List<Func<IServiceProvider, Workflow>> Workflows { get; } = [];

    internal List<Func<IServiceProvider, RegisteredModel>> Models { get; } = [];

    internal List<(string Workflow, string Model)> DecidingModels { get; } = [];

    internal List<WorkerRegistration> Workers { get; } = [];

    internal List<Func<IServiceProvider, IPolicy>> Policies { get; } = [];

    internal Dictionary<string, string> Prompts { get; } = [];

    internal List<Func<IServiceProvider, string>> Secrets { get; } = [];

    internal Func<IServiceProvider, IRunJournal>? Journal { get; private set; }

    internal Func<IServiceProvider, IWorkspaceProvider>? Workspace { get; private set; }

    internal List<Action<RunId, CallId, string>> Observers { get; } = [];

    /// <summary>Adds a workflow: who decides what happens next in the runs that name it.</summary>
    /// <param name="name">The name that tasks use.</param>
    /// <param name="decider">Decides for every run of this workflow.</param>
    /// <param name="version">Change it when runs under way must not be carried on by the new code; they are paused then.</param>
    public OrchestratorBuilder AddWorkflow(string name, IDecider decider, string version = "1") => AddWorkflow(name, _ => decider, version);

    /// <summary>Adds a workflow whose decider comes from the services.</summary>
    /// <inheritdoc cref="AddWorkflow(string, IDecider, string)"/>
    public OrchestratorBuilder AddWorkflow<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDecider>(string name, string version = "1")
        where TDecider : class, IDecider => AddWorkflow(name, services => ActivatorUtilities.GetServiceOrCreateInstance<TDecider>(services), version);

    /// <summary>Adds a workflow that is one function.</summary>
    /// <param name="name">The name that tasks use.</param>
    /// <param name="decide">Decides the next step from the state. Called as <see cref="IDecider"/> says.</param>
    public OrchestratorBuilder AddWorkflow(string name, Func<TaskState, Decision> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return AddWorkflow(name, new FunctionDecider(decide));
    }

    /// <summary>Adds a workflow that a model decides: it plans, calls workers, looks at what came of them, plans anew, and finishes.</summary>
    /// <param name="name">The name that tasks use.</param>
    /// <param name="model">The registered model that decides.</param>
    /// <param name="version">Change it when runs under way must not be carried on by the new registration; they are paused then.</param>
    /// <remarks>The model sees <see cref="TaskState.DeciderView"/> and what the registered capabilities take; describe your own workers with <see cref="WorkerOptions.WithDescription"/>.</remarks>
    public OrchestratorBuilder AddModelWorkflow(string name, string model, string version = "1")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        DecidingModels.Add((name, model));
        return AddWorkflow(name, new ModelDecider(model), version);
    }

    /// <summary>Adds a model that workers and deciders reach by name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="client">Makes the client, once, when it is first needed.</param>
    /// <param name="price">What it costs; without one, tokens are counted but no money is.</param>
    /// <param name="options">How requests are bounded.</param>
    public OrchestratorBuilder AddModel(string name, Func<IServiceProvider, IChatClient> client, ModelOptions.TokenPrice? price = null, ModelOptions? options = null)
    {
        var bounded = (options ?? new ModelOptions()) with { Price = price ?? options?.Price };
        Models.Add(services => new RegisteredModel(name, () => client(services), bounded));
        return this;
    }

    /// <summary>Adds a typed worker, made from the services.</summary>
    /// <typeparam name="TWorker">Implements <see cref="IWorker{TInput, TOutput}"/> exactly once, or <see cref="IWorker"/>.</typeparam>
    /// <param name="capability">The capability it carries out.</param>
    /// <param name="configure">Version, write scope, time limit, repeatability.</param>
    [RequiresUnreferencedCode("Finds the contract of the worker by reflection; where code is trimmed, pass a WorkerContract.")]
    [RequiresDynamicCode("Finds the contract of the worker by reflection; where code is compiled ahead of time, pass a WorkerContract.")]
    public OrchestratorBuilder AddWorker<TWorker>(string capability, Action<WorkerOptions>? configure = null)
        where TWorker : class => Add(WorkerRegistration.OfType<TWorker>(capability, Configured(configure)));

    /// <summary>Adds a worker that is one function.</summary>
    /// <param name="capability">The capability it carries out.</param>
    /// <param name="work">Carries out one call. Called concurrently, as <see cref="IWorker{TInput, TOutput}"/> says.</param>
    /// <param name="configure">Version, write scope, time limit, repeatability.</param>
    [RequiresUnreferencedCode("Serialises both records by reflection; where code is trimmed, pass a WorkerContract.")]
    [RequiresDynamicCode("Serialises both records by reflection; where code is compiled ahead of time, pass a WorkerContract.")]
    public OrchestratorBuilder AddWorker<TInput, TOutput>(string capability, Func<TInput, CancellationToken, Task<TOutput>> work, Action<WorkerOptions>? configure = null)
        where TInput : class
        where TOutput : class
    {
        var options = Configured(configure);
        return AddWorker(new WorkerContract<TInput, TOutput>(capability, options.Version), _ => new FunctionWorker<TInput, TOutput>((input, _, token) => work(input, token)), configure);
    }

    /// <summary>Adds a typed worker under a contract.</summary>
    /// <param name="contract">What it takes and gives.</param>
    /// <param name="worker">Makes the worker, once.</param>
    /// <param name="configure">Write scope, time limit, repeatability; the version is the contract's.</param>
    public OrchestratorBuilder AddWorker<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, Func<IServiceProvider, IWorker<TInput, TOutput>> worker, Action<WorkerOptions>? configure = null)
        where TInput : class
        where TOutput : class => Add(WorkerRegistration.OfContract(contract, worker, Configured(configure)));

    /// <summary>Adds a worker that takes and gives JSON.</summary>
    /// <param name="capability">The capability it carries out.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="configure">Version, write scope, time limit, repeatability.</param>
    public OrchestratorBuilder AddWorker(string capability, IWorker worker, Action<WorkerOptions>? configure = null) =>
        Add(WorkerRegistration.OfJson(capability, _ => worker, Configured(configure)));

    /// <summary>Adds the ready-made model workers: planner, analysis, code_edit, code_edit_batch, test_writer, static_analysis, doc_writer and reviewer.</summary>
    /// <param name="model">The model they use. One that you register yourself under the same capability and version takes the ready-made one's place.</param>
    /// <param name="tools">Whether they may read, search and list files of their call's base tree beyond those of their input. Every file looked into is recorded as read; a call makes at most four requests that offer tools.</param>
    public OrchestratorBuilder AddCodingWorkers(string model, bool tools = true)
    {
        Workers.AddRange(CodingWorkers.All(model, Prompts, tools));
        return this;
    }

    /// <summary>Adds a model as the worker of a contract: of your own, or of a ready-made one that is to use another model than the rest.</summary>
    /// <param name="contract">What the model takes and gives. Its schema is part of the request; a reply that does not keep it is asked for once more, with what is wrong with it.</param>
    /// <param name="model">The registered model.</param>
    /// <param name="role">Who the model is and how it is to go about its work; <see langword="null"/> for the ready-made role of the capability.</param>
    /// <param name="tools">Whether it may read, search and list files of its call's base tree, as in <see cref="AddCodingWorkers"/>.</param>
    /// <param name="configure">Write scope, time limit, description; the version is the contract's.</param>
    public OrchestratorBuilder AddModelWorker<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, string model, string? role = null, bool tools = true, Action<WorkerOptions>? configure = null)
        where TInput : class
        where TOutput : class
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return Add(WorkerRegistration.OfModel(
            contract,
            () => new ModelWorkerOptions(model) { RolePrompt = role ?? Prompts.GetValueOrDefault(contract.Capability), OffersTools = tools },
            model,
            Configured(configure)));
    }

    /// <summary>Replaces the role prompt of a ready-made worker. The part that states its contract stays as it is.</summary>
    public OrchestratorBuilder UsePrompt(string capability, string prompt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(prompt);
        Prompts[capability] = prompt;
        return this;
    }

    /// <summary>Adds a rule. Rules judge in the order they were added.</summary>
    public OrchestratorBuilder AddPolicy(IPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return AddPolicy(_ => policy);
    }

    /// <summary>Adds a rule that comes from the services.</summary>
    public OrchestratorBuilder AddPolicy(Func<IServiceProvider, IPolicy> policy)
    {
        Policies.Add(policy);
        return this;
    }

    /// <summary>Adds a rule that is one function.</summary>
    /// <param name="id">Its name in the record.</param>
    /// <param name="judge">Judges one thing. Called concurrently; must be quick.</param>
    public OrchestratorBuilder AddPolicy(string id, Func<IPolicy.Subject, TaskState, Verdict> judge) => AddPolicy(Orchestrator.Policies.When(id, judge));

    /// <summary>Keeps runs in this journal. Without one they are kept in memory and end with the process.</summary>
    public OrchestratorBuilder UseJournal(Func<IServiceProvider, IRunJournal> journal)
    {
        Journal = journal;
        return this;
    }

    /// <summary>Works on the repositories of this provider. Without one there are no files, patches or tests.</summary>
    public OrchestratorBuilder UseWorkspace(Func<IServiceProvider, IWorkspaceProvider> workspace)
    {
        Workspace = workspace;
        return this;
    }

    /// <summary>Names a value that must never be written into a journal, log or transcript.</summary>
    /// <param name="secret">Gives the value; shorter ones than eight characters are passed over.</param>
    public OrchestratorBuilder AddSecret(Func<IServiceProvider, string> secret)
    {
        Secrets.Add(secret);
        return this;
    }

    /// <summary>Looks on while workers and models work. Called often and concurrently; what it throws is logged and dropped.</summary>
    public OrchestratorBuilder OnProgress(Action<RunId, CallId, string> observer)
    {
        Observers.Add(observer);
        return this;
    }

    /// <summary>Has the host drive every run of the journal that nobody else drives.</summary>
    /// <param name="maxRuns">How many runs this host drives at once.</param>
    public OrchestratorBuilder RunInBackground(int maxRuns = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRuns, 1);
        Services.AddSingleton<IHostedService>(services => OrchestratorFactory.CreateBackground(services, Name ?? DefaultKey, maxRuns));
        return this;
    }

    private OrchestratorBuilder AddWorkflow(string name, Func<IServiceProvider, IDecider> decider, string version)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(version);
        Workflows.Add(services => new Workflow(name, version, decider(services)));
        return this;
    }

    private static WorkerOptions Configured(Action<WorkerOptions>? configure)
    {
        var options = new WorkerOptions();
        configure?.Invoke(options);
        return options;
    }

    private OrchestratorBuilder Add(WorkerRegistration worker)
    {
        Workers.Add(worker);
        return this;
    }
}
