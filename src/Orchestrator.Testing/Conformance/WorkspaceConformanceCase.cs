namespace Orchestrator.Testing;

/// <summary>One promise of <see cref="IWorkspaceProvider"/> or <see cref="IWorkspace"/>, as something that can be run against an implementation under any test framework.</summary>
public sealed class WorkspaceConformanceCase
{
    private readonly Func<WorkspaceProbe, Task> _run;

    internal WorkspaceConformanceCase(string name, Func<WorkspaceProbe, Task> run) => (Name, _run) = (name, run);

    /// <summary>The promise, as a sentence.</summary>
    public string Name { get; }

    /// <summary>Runs the case.</summary>
    /// <param name="create">Makes a provider whose only repository, opened by an empty name, starts from exactly these files and has no test command.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConformanceException">The promise is not kept.</exception>
    public async Task RunAsync(Func<IReadOnlyList<IWorkspace.File>, ValueTask<IWorkspaceProvider>> create, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        var probe = new WorkspaceProbe(await create(WorkspaceProbe.InitialFiles).ConfigureAwait(false), cancellationToken);
        await using (probe.ConfigureAwait(false))
        {
            try
            {
                await _run(probe).ConfigureAwait(false);
            }
            catch (ConformanceException failure)
            {
                throw new ConformanceException($"{Name}: {failure.Message}", failure);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ConformanceException($"{Name}: {failure.GetType().Name}: {failure.Message}", failure);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
