namespace Orchestrator.Testing;

/// <summary>One promise of an interface, as something that can be run against an implementation under any test framework.</summary>
public sealed class ConformanceCase
{
    private readonly Func<IRunJournal, ManualTimeProvider, CancellationToken, Task> _run;

    internal ConformanceCase(string name, Func<IRunJournal, ManualTimeProvider, CancellationToken, Task> run)
    {
        Name = name;
        _run = run;
    }

    /// <summary>The promise, as a sentence.</summary>
    public string Name { get; }

    /// <summary>Runs the case. It uses runs and a tenant of its own, so that the journal need not be empty.</summary>
    /// <param name="open">Opens the journal with the clock that it is to use. It is disposed of at the end, if it can be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConformanceException">The promise is not kept.</exception>
    public async Task RunAsync(Func<TimeProvider, ValueTask<IRunJournal>> open, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        var time = new ManualTimeProvider();
        var journal = await open(time).ConfigureAwait(false);
        try
        {
            await _run(journal, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ConformanceException && !cancellationToken.IsCancellationRequested)
        {
            throw new ConformanceException($"{Name}: {e.GetType().Name}: {e.Message}", e);
        }
        catch (ConformanceException e)
        {
            throw new ConformanceException($"{Name}: {e.Message}", e);
        }
        finally
        {
            switch (journal)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync().ConfigureAwait(false);
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
