namespace Orchestrator.Git.Tests;

/// <summary>Changes this process's own environment, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(EnvironmentTests), DisableParallelization = true)]
[Collection(nameof(EnvironmentTests))]
public sealed class EnvironmentTests
{
    [Fact]
    public async Task Secrets_of_the_host_do_not_reach_commands_and_allowed_names_do()
    {
        using var repository = new TemporaryRepository();
        repository.Commit();
        (string Name, string Value)[] set =
        [
            ("OPENAI_API_KEY", "sk-hidden"), ("NUGET_API_KEY", "hidden"), ("NPM_CONFIG_TOKEN", "hidden"), ("HTTPS_PROXY", "http://user:hidden@proxy"), ("ORCHESTRATOR_TEST_ALLOWED", "shown"),
            ("ORCHESTRATOR_TEST_OTHER", "hidden"), ("GIT_DIR", "/hidden"),
        ];
        var old = set.Select(variable => Environment.GetEnvironmentVariable(variable.Name)).ToArray();
        try
        {
            Array.ForEach(set, variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
            await using var workspace = await repository.OpenAsync("env; cat", options => options with { Environment = ["ORCHESTRATOR_TEST_ALLOWED"] });

            var report = await workspace.VerifyAsync(new IWorkspace.Verification(workspace.Base), default);

            Assert.Equal(TestReport.Result.Passed, report.Outcome);
            Assert.Contains("ORCHESTRATOR_TEST_ALLOWED=shown", report.Output);
            Assert.Contains("PATH=", report.Output);
            Assert.DoesNotContain("hidden", report.Output);
        }
        finally
        {
            foreach (var (variable, value) in set.Zip(old))
            {
                Environment.SetEnvironmentVariable(variable.Name, value);
            }
        }
    }
}
