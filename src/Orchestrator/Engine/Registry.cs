using Orchestrator.Contracts;
using Orchestrator.Patching;

namespace Orchestrator.Engine;

/// <summary>Everything that was registered for one orchestrator, checked as a whole.</summary>
internal sealed class Registry
{
    private readonly Dictionary<string, Workflow> _workflows;
    private readonly Dictionary<string, List<BoundWorker>> _workers;
    private readonly IReadOnlyList<RegisteredModel> _models;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;

    public Registry(
        OrchestratorOptions options,
        IEnumerable<Workflow> workflows,
        IEnumerable<BoundWorker> workers,
        IReadOnlyList<RegisteredModel> models,
        IReadOnlyList<IPolicy> policies,
        Redactor redactor,
        PatchOptions patchOptions,
        TimeProvider time,
        IRandomSource random)
    {
        Options = options;
        Policies = policies;
        Redactor = redactor;
        PatchOptions = patchOptions;
        _workflows = workflows.ToDictionary(workflow => workflow.Name);
        _workers = workers.GroupBy(worker => worker.Registration.Capability)
            .ToDictionary(group => group.Key, group => group.OrderBy(worker => worker.Registration.Version).ToList());
        _models = models;
        _time = time;
        _random = random;
        Cards = CapabilityCard.Of(AllWorkers().Select(worker => worker.Registration));
        CapabilityNames = [.. _workers.Keys.Append(Verify.Capability).Append(Person.Capability).Order(StringComparer.Ordinal)];
    }

    public OrchestratorOptions Options { get; }

    public IReadOnlyList<IPolicy> Policies { get; }

    public Redactor Redactor { get; }

    public PatchOptions PatchOptions { get; }

    /// <summary>What is known of the trees that runs have lately worked on.</summary>
    public RepoSummaryCache Summaries { get; } = new();

    public IReadOnlyList<string> CapabilityNames { get; }

    /// <summary>What can be called, described for models that decide.</summary>
    public IReadOnlyList<CapabilityCard> Cards { get; }

    public IReadOnlyCollection<string> WorkflowNames => _workflows.Keys;

    public IReadOnlyList<string> UnpricedModels => [.. _models.Where(model => model.Options.Price is null).Select(model => model.Name)];

    /// <summary>Workers that reach a model by themselves and do not say what that may cost.</summary>
    public IReadOnlyList<string> UnboundedWorkers => [.. AllWorkers().Select(worker => worker.Registration).Where(worker => worker.OwnModel is { MaxCost: null }).Select(worker => worker.Capability)];

    public static bool IsEngineCapability(string capability) => capability is Verify.Capability or Person.Capability;

    public bool HasCapability(string capability) => IsEngineCapability(capability) || _workers.ContainsKey(capability);

    public Workflow? FindWorkflow(string name) => name.Length == 0 && _workflows.Count == 1 ? _workflows.Values.Single() : _workflows.GetValueOrDefault(name);

    /// <summary>The worker of a capability in a version; in the newest for version zero.</summary>
    public BoundWorker? FindWorker(string capability, int version)
    {
        if (!_workers.TryGetValue(capability, out var versions))
        {
            return null;
        }

        foreach (var worker in versions)
        {
            if (worker.Registration.Version == version)
            {
                return worker;
            }
        }

        return version == 0 ? versions[^1] : null;
    }

    public PathScope WriteScope(string capability, int version) => new(FindWorker(capability, version)?.Registration.Writes ?? []);

    public TimeSpan TimeLimit(WorkerCall call) => FindWorker(call.Capability, call.Version)?.Registration.TimeLimit ?? Options.MaxCallTime;

    public bool IsRepeatable(WorkerCall call) => FindWorker(call.Capability, call.Version)?.Registration.IsRepeatable ?? true;

    /// <summary>Whether the receipt of a call's only attempt holds what its worker replied.</summary>
    public bool HasOwnModel(WorkerCall call) => FindWorker(call.Capability, call.Version)?.Registration.OwnModel is not null;

    public IModels ModelsFor(AttemptLog attempts, Action<string>? progress) =>
        _models.Count == 0 ? NoModels.Instance : new MeteredModels(_models, attempts, _time, _random, progress, Redactor);

    /// <summary>What a run that is accepted now is accepted under.</summary>
    public RunEvent.Accepted.Terms Describe(Workflow workflow, Budget limits) => new(workflow.Name, workflow.Version, limits)
    {
        Capabilities = [.. AllWorkers().Select(worker => $"{worker.Registration.Capability}/{worker.Registration.Version}").Order(StringComparer.Ordinal)],
        Policies = [.. Policies.Select(policy => policy.Id)],
        Prompts = AllWorkers().Where(worker => worker.Registration.PromptHash.Length > 0)
            .ToDictionary(worker => $"{worker.Registration.Capability}/{worker.Registration.Version}", worker => worker.Registration.PromptHash),
        Models = [.. _models.Select(model => model.Name).Order(StringComparer.Ordinal)],
    };

    /// <summary>In what way this registration cannot carry on a run that was accepted under another; empty if it can. Prompts may change, capabilities may be added.</summary>
    public IReadOnlyList<string> FindDifferences(RunEvent.Accepted.Terms recorded)
    {
        var differences = new List<string>();
        if (FindWorkflow(recorded.Workflow) is not { } workflow)
        {
            return [$"workflow '{recorded.Workflow}' is not registered here"];
        }

        if (workflow.Version != recorded.WorkflowVersion)
        {
            differences.Add($"workflow '{recorded.Workflow}' is version {workflow.Version} here and was {recorded.WorkflowVersion}");
        }

        var now = Describe(workflow, recorded.Limits);
        differences.AddRange(recorded.Capabilities.Except(now.Capabilities).Select(missing => $"capability {missing} is missing here"));
        differences.AddRange(recorded.Policies.Except(now.Policies).Select(missing => $"policy '{missing}' is missing here"));
        return differences;
    }

    private IEnumerable<BoundWorker> AllWorkers() => _workers.Values.SelectMany(versions => versions);
}
