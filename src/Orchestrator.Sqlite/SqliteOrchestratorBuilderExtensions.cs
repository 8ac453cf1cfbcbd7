using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator;

/// <summary>Keeps an orchestrator's runs in an SQLite file.</summary>
public static class SqliteOrchestratorBuilderExtensions
{
    /// <summary>Keeps runs in this file, which is made if it is not there. Several processes may use it at once.</summary>
    /// <param name="builder">The orchestrator.</param>
    /// <param name="path">The file; relative to the process's current folder.</param>
    public static OrchestratorBuilder UseSqliteJournal(this OrchestratorBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.UseJournal(services => new SqliteRunJournal(path, services.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}
