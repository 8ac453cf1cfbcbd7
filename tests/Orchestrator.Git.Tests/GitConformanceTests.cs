using System.Text;
using Orchestrator.Testing;

namespace Orchestrator.Git.Tests;

public sealed class GitConformanceTests
{
    public static TheoryData<string> Promises => [.. WorkspaceConformance.Cases.Select(promise => promise.Name)];

    [Theory, MemberData(nameof(Promises))]
    public async Task Keeps_every_promise_of_a_workspace(string promise)
    {
        using var repository = new TemporaryRepository();

        await WorkspaceConformance.Cases.Single(candidate => candidate.Name == promise).RunAsync(files =>
        {
            foreach (var file in files)
            {
                if (file.Mode == "120000")
                {
                    File.CreateSymbolicLink(Path.Combine(repository.Root, file.Path.Value), Encoding.UTF8.GetString(file.Bytes!.Value.Span));
                }
                else
                {
                    repository.Write(file.Path.Value, file.Bytes!.Value.Span);
                    TemporaryRepository.SetMode(Path.Combine(repository.Root, file.Path.Value), file.Mode == "100755" ? 0b111_101_101 : 0b110_100_100);
                }
            }

            repository.Git("-c", "core.autocrlf=false", "add", "--all");
            repository.Git("commit", "--quiet", "--message", "Start");
            return ValueTask.FromResult<IWorkspaceProvider>(repository.Provider());
        });
    }
}
