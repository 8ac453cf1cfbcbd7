using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;

namespace Orchestrator;

/// <summary>What is known of a worker before it is made.</summary>
/// <param name="Capability">The capability it carries out.</param>
/// <param name="Version">The version of its contract.</param>
/// <param name="ProposesPatch">Whether its output may hold a patch for the engine to apply.</param>
/// <param name="Make">Makes the worker, closed over its types.</param>
internal sealed record WorkerRegistration(
    string Capability,
    int Version,
    bool ProposesPatch,
    Func<IServiceProvider, Func<JsonElement, IFileReader, WorkerContext, CancellationToken, ValueTask<BoundReply>>> Make)
{
    public IReadOnlyList<string> Writes { get; init; } = [];

    public TimeSpan? TimeLimit { get; init; }

    public bool IsRepeatable { get; init; } = true;

    /// <summary>Whether a worker that the host registers itself takes its place.</summary>
    public bool IsReadyMade { get; init; }

    /// <summary>The model it cannot do without, if any.</summary>
    public string? Model { get; init; }

    /// <summary>How it reaches a model by itself; <see langword="null"/> where it does not.</summary>
    public OwnModel? OwnModel { get; init; }

    /// <summary>What it does, for models that decide; empty where nobody said.</summary>
    public string Description { get; init; } = "";

    /// <summary>JSON schema of what it takes; <see langword="null"/> where it takes any JSON.</summary>
    public Func<JsonElement>? InputSchema { get; init; }

    /// <summary>Hash of its prompt; empty where it has none.</summary>
    public string PromptHash => Prompt?.Value.Hash ?? "";

    /// <summary>Its prompt, settled when it is first asked for.</summary>
    public Lazy<WorkerPrompt>? Prompt { get; init; }

    public static WorkerRegistration OfJson(string capability, Func<IServiceProvider, IWorker> worker, WorkerOptions options) =>
        With(options, new WorkerRegistration(capability, options.Version, ProposesPatch: true, services => WorkerBinding.Json(worker(services))));

    public static WorkerRegistration OfContract<TInput, TOutput>(
        WorkerContract<TInput, TOutput> contract,
        Func<IServiceProvider, IWorker<TInput, TOutput>> worker,
        WorkerOptions options)
        where TInput : class
        where TOutput : class =>
        With(options, new WorkerRegistration(
            contract.Capability,
            contract.Version,
            HoldsPatch(contract.OutputType),
            services => WorkerBinding.Typed(contract, worker(services), services.GetService<IInputBinder<TInput>>()))
        {
            InputSchema = () => contract.InputSchema,
        });

    /// <param name="contract">What the model is asked to keep.</param>
    /// <param name="settings">Gives the settings once registration is over.</param>
    /// <param name="model">The registered model.</param>
    /// <param name="options">What holds for the worker.</param>
    public static WorkerRegistration OfModel<TInput, TOutput>(WorkerContract<TInput, TOutput> contract, Func<ModelWorkerOptions> settings, string model, WorkerOptions options)
        where TInput : class
        where TOutput : class
    {
        var worker = new Lazy<ModelWorker<TInput, TOutput>>(() => new ModelWorker<TInput, TOutput>(contract, settings()));
        return With(options, new WorkerRegistration(
            contract.Capability,
            contract.Version,
            HoldsPatch(contract.OutputType),
            services => WorkerBinding.Model(contract, worker.Value, services.GetService<IInputBinder<TInput>>()))
        {
            Model = model,
            InputSchema = () => contract.InputSchema,
            Prompt = new Lazy<WorkerPrompt>(() => worker.Value.Prompt),
        });
    }

    [RequiresUnreferencedCode("Finds the contract of the worker by reflection.")]
    [RequiresDynamicCode("Finds the contract of the worker by reflection.")]
    public static WorkerRegistration OfType<TWorker>(string capability, WorkerOptions options)
        where TWorker : class
    {
        if (typeof(IWorker).IsAssignableFrom(typeof(TWorker)))
        {
            return OfJson(capability, services => (IWorker)(object)ActivatorUtilities.GetServiceOrCreateInstance<TWorker>(services), options);
        }

        var typed = typeof(TWorker).GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IWorker<,>)).ToList();
        return typed is [var only]
            ? (WorkerRegistration)typeof(WorkerRegistration).GetMethod(nameof(OfReflectedContract), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod([typeof(TWorker), .. only.GetGenericArguments()])
                .Invoke(null, [capability, options])!
            : throw new OrchestratorException(
                $"{typeof(TWorker).Name} cannot be the worker for '{capability}': it implements IWorker<TInput, TOutput> {typed.Count} times and IWorker not at all; it must implement exactly one of them once.");
    }

    [RequiresUnreferencedCode("Serialises both records by reflection.")]
    [RequiresDynamicCode("Serialises both records by reflection.")]
    private static WorkerRegistration OfReflectedContract<TWorker, TInput, TOutput>(string capability, WorkerOptions options)
        where TWorker : class, IWorker<TInput, TOutput>
        where TInput : class
        where TOutput : class =>
        OfContract(new WorkerContract<TInput, TOutput>(capability, options.Version), ActivatorUtilities.GetServiceOrCreateInstance<TWorker>, options);

    private static bool HoldsPatch(JsonTypeInfo output) =>
        output.Properties.Any(property => property.PropertyType == typeof(PatchText) || (property.Name == "files" && property.PropertyType.IsAssignableTo(typeof(IEnumerable<CodeFile>))));

    private static WorkerRegistration With(WorkerOptions options, WorkerRegistration registration) => registration with
    {
        Writes = [.. options.Writes],
        TimeLimit = options.TimeLimit,
        IsRepeatable = options.IsRepeatable,
        Description = options.Description,
        OwnModel = options.OwnModel,
    };

    public BoundWorker Bind(IServiceProvider services) => new(this, Make(services));
}
