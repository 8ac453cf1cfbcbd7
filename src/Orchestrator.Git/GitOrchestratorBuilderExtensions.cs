using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator;

/// <summary>Lets an orchestrator work on git repositories.</summary>
public static class GitOrchestratorBuilderExtensions
{
    /// <summary>Works on the git repositories that are registered here.</summary>
    /// <param name="builder">The orchestrator.</param>
    /// <param name="configure">Registers repositories.</param>
    /// <example>
    /// <code>
    /// .UseGit(git => git.AddRepository("drafts", "../checkout", test: "dotnet test"))
    /// </code>
    /// </example>
    public static OrchestratorBuilder UseGit(this OrchestratorBuilder builder, Action<GitOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new GitOptions();
        configure(options);
        return builder.UseWorkspace(services => new GitWorkspaceProvider(options, services.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}
