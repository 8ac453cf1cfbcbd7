using System.Globalization;

namespace Orchestrator;

/// <summary>Runs the repository's commands on its checkout, one at a time.</summary>
/// <remarks>
/// One at a time, because all runs of an owner share one checkout: its build output makes the second run fast, and test commands saturate a machine by themselves.
/// </remarks>
internal sealed class Verifier(LocatedRepository repository, TreeStore trees, Checkout checkout, OwnerFolder owner, CommandRunner runner) : IAsyncDisposable
{
    private const string ResultsVariable = "ORCHESTRATOR_RESULTS";

    private readonly SemaphoreSlim _turn = new(1);
    private int _number;

    public async ValueTask<TestReport> RunAsync(IWorkspace.Verification request, CancellationToken cancellationToken)
    {
        if (repository.Options.Test.Length == 0)
        {
            return NotRun(request, $"Repository {repository.Name} has no test command, so nothing can be verified; register it with one.");
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await checkout.ShowAsync(request.At, cancellationToken).ConfigureAwait(false);
            return await SetUpAsync(request, cancellationToken).ConfigureAwait(false) ?? await TestAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OrchestratorException or IOException or UnauthorizedAccessException)
        {
            return NotRun(request, $"The files of {request.At.Commit} could not be laid out for the test command: {failure.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever disposes while a command runs has cancelled it; its processes are gone when the turn is free.
        await _turn.WaitAsync().ConfigureAwait(false);
        _turn.Release();
    }

    private async ValueTask<TestReport?> SetUpAsync(IWorkspace.Verification request, CancellationToken cancellationToken)
    {
        if (!checkout.IsFresh)
        {
            return null;
        }

        if (repository.Options.SetUp.Length > 0)
        {
            var result = await runner.RunAsync(Spec(repository.Options.SetUp, owner.MakeFolder("set-up"), repository.Options.TimeLimit), cancellationToken).ConfigureAwait(false);
            if (result is not { End: CommandEnd.Exited, ExitCode: 0 })
            {
                var how = result.End == CommandEnd.TimedOut ? $"took longer than {repository.Options.TimeLimit}" : $"ended with exit code {result.ExitCode}";
                return NotRun(request, $"The set-up command {how}, so no test was run: {repository.Options.SetUp}\n{Relative(result.Output)}") with { Duration = result.Duration, OutputCut = result.OutputCut };
            }
        }

        await checkout.KeepSetUpAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<TestReport> TestAsync(IWorkspace.Verification request, CancellationToken cancellationToken)
    {
        var results = owner.MakeFolder(string.Create(CultureInfo.InvariantCulture, $"results/{++_number}"));
        var command = TestCommand.For(repository.Options, request.Tests);
        var tree = await trees.ListAsync(request.At.Tree, cancellationToken).ConfigureAwait(false);
        var reports = new ReportFiles(repository.Options, checkout.Root, results, path => RepoPath.TryParse(path, null, out var tracked) && tree.TryFind(tracked, out _));
        reports.DeleteStale(owner);
        var result = await runner.RunAsync(Spec(command.Text, results, request.TimeLimit ?? repository.Options.TimeLimit), cancellationToken).ConfigureAwait(false);
        var read = reports.Read();
        owner.Delete(results);
        return TestOutcome.Tell(request.At.Tree, command, result, read, Relative);
    }

    private CommandSpec Spec(string command, string results, TimeSpan limit)
    {
        var mark = ProcessTree.MarkOf(string.Create(CultureInfo.InvariantCulture, $"{owner.Id}/{_number}"));
        var variables = CommandEnvironment.Choose(repository.Options.Environment, mark);
        variables[ResultsVariable] = results;
        return new CommandSpec(command, checkout.Root, variables, mark, limit, repository.Options.OutputLimit);
    }

    // Where the checkout lies differs from owner to owner and says nothing; without it, equal failures read equal.
    private string Relative(string text) => text.Replace(checkout.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(checkout.Root, ".", StringComparison.Ordinal);

    private static TestReport NotRun(IWorkspace.Verification request, string why) => new(request.At.Tree, TestReport.Result.NotRun) { Output = why };
}
