namespace Orchestrator.Cli.Tests;

/// <summary>A repository that cannot be written is said to be one, and nothing is left half done.</summary>
public sealed class ReadOnlyRepositoryTests : IDisposable
{
    private readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [ReadOnlyFact]
    public async Task A_run_is_refused_before_anything_is_recorded()
    {
        await using var model = new LoopbackModel(TestRepository.Fixer());

        var (code, _, error) = await RunAsync("run", "--repo", _repository.Root, "--goal", "Fix it", "--test", "true", "--model", "m", "--endpoint", model.Endpoint);

        Assert.True(code == ExitCode.BadInput, error);
        Assert.Contains("cannot be written by this user", error, StringComparison.Ordinal);
        Assert.Contains("work on a clone", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_repository.Journal));
        Assert.Empty(model.Keys);
    }

    [ReadOnlyFact]
    public async Task A_change_is_not_applied_and_the_checkout_stays_as_it_is()
    {
        var (_, run) = await _repository.FixAsync();
        var before = _repository.Untouched();

        var (code, _, error) = await RunAsync("apply", run);

        Assert.True(code == ExitCode.Refused, error);
        Assert.Contains("Nothing was changed", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(before, _repository.Untouched());
        var later = await _repository.Cli.RunAsync("apply", run);
        Assert.True(later.ExitCode == 0, later.Error);
    }

    private Task<(int Code, string Out, string Error)> RunAsync(params string[] args) =>
        ReadOnly.RunAsync(_repository.Root, _repository.At(""), new Dictionary<string, string> { ["XDG_STATE_HOME"] = _repository.At("state") }, args);
}
