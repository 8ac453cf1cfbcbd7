using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orchestrator;
using Orchestrator.Engine;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers orchestrators.</summary>
public static class OrchestratorServiceCollectionExtensions
{
    /// <summary>Registers the orchestrator of this application. It is resolved as <see cref="IOrchestrator"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the limits that hold where a task sets none.</param>
    /// <returns>A builder for workflows, workers, models, policies, journal and workspace.</returns>
    public static OrchestratorBuilder AddOrchestrator(this IServiceCollection services, Action<OrchestratorOptions>? configure = null) =>
        Add(services, null, configure);

    /// <summary>Registers one of several orchestrators. It is resolved as a keyed <see cref="IOrchestrator"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key.</param>
    /// <param name="configure">Sets the limits that hold where a task sets none.</param>
    public static OrchestratorBuilder AddOrchestrator(this IServiceCollection services, string name, Action<OrchestratorOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, name, configure);
    }

    private static OrchestratorBuilder Add(IServiceCollection services, string? name, Action<OrchestratorOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRandomSource, SystemRandomSource>();
        services.Configure<OrchestratorOptions>(name, options => configure?.Invoke(options));

        // Whoever adds the same orchestrator again goes on with the same builder, or what was registered first would be lost.
        var key = name ?? OrchestratorBuilder.DefaultKey;
        if (services.FirstOrDefault(each => each.IsKeyedService && each.ServiceType == typeof(OrchestratorBuilder) && key.Equals(each.ServiceKey)) is { KeyedImplementationInstance: OrchestratorBuilder known })
        {
            return known;
        }

        var builder = new OrchestratorBuilder(services, name);
        services.AddKeyedSingleton(key, builder);
        services.AddKeyedSingleton(name ?? OrchestratorBuilder.DefaultKey, (provider, _) => OrchestratorFactory.Create(provider, builder));
        if (name is null)
        {
            services.TryAddSingleton<IOrchestrator>(provider => provider.GetRequiredKeyedService<OrchestratorService>(OrchestratorBuilder.DefaultKey));
        }
        else
        {
            services.AddKeyedSingleton<IOrchestrator>(name, (provider, _) => provider.GetRequiredKeyedService<OrchestratorService>(name));
        }

        // Resolved when the host starts, so that a mistake in the wiring shows then and not at the ninth step of a run.
        services.AddSingleton<IHostedService>(provider => new RegistrationCheck(() => provider.GetRequiredKeyedService<OrchestratorService>(name ?? OrchestratorBuilder.DefaultKey)));
        return builder;
    }
}
