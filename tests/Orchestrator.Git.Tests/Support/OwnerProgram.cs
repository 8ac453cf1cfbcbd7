using System.Diagnostics;

namespace Orchestrator.Git.Tests;

/// <summary>A host that opens a run, makes a commit and begins to verify it: started by tests as a process of its own, so that it can be killed.</summary>
internal static class OwnerProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var repository, var checkouts, var test])
        {
            return 2;
        }

        var options = new GitOptions { CheckoutFolder = checkouts }.AddRepository("drafts", repository, test);
        var workspace = await new GitWorkspaceProvider(options, TimeProvider.System).OpenAsync(new TaskRequest.RepoScope(), TemporaryRepository.Run, null, 1, default);
        var next = await workspace.CommitAsync(new IWorkspace.Commit(workspace.Base, [new(RepoPath.Parse("a.txt"), "owner\n"u8.ToArray())], "Owner", new CallId(1), "code_edit"), default);
        await workspace.VerifyAsync(new IWorkspace.Verification(next), default);
        return 0;
    }

    public static Process Start(TemporaryRepository repository, string test) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(OwnerProgram).Assembly.Location, repository.Root, repository.CheckoutFolder, test]))!;
}
