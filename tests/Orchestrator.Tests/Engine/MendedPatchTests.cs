using Orchestrator.Contracts;
using Orchestrator.Testing;

namespace Orchestrator.Tests.Engine;

/// <summary>A model whose patch fits in part is asked once for the rest, within the same call; nothing that it got right has to be paid for twice.</summary>
public sealed class MendedPatchTests
{
    private const string Code = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n";
    private const string Good = "@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n";
    private const string Bad = "@@ -10,3 +10,3 @@\n ten\n-elf\n+ELEVEN\n twelve\n";
    private const string Mended = "@@ -10,3 +10,3 @@\n ten\n-eleven\n+ELEVEN\n twelve\n";

    [Theory]
    [InlineData(Mended)]
    [InlineData(Good + Mended)]
    public async Task Only_the_hunks_that_do_not_fit_are_asked_for_again(string second)
    {
        var model = new ScriptedChatClient().On("code_edit", Reply(Good + Bad), Reply(second));
        await using var harness = Host(model);

        var result = await harness.RunAsync("Shout").Soon();

        var call = Assert.Single(result.Calls);
        Assert.True(call.Succeeded, call.Result!.Error?.Message);
        Assert.Equal(CallResult.ReplyValidity.Repaired, call.Result!.Validity);
        Assert.Contains("+TWO", result.Diff, StringComparison.Ordinal);
        Assert.Contains("+ELEVEN", result.Diff, StringComparison.Ordinal);
        Assert.Equal(2, model.Requests.Count);
        Assert.Contains("Send only what is listed here", model.Requests[1].LastText, StringComparison.Ordinal);
        Assert.Contains("eleven", model.Requests[1].LastText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I am sorry, I cannot.")]
    [InlineData(null)]
    public async Task Where_that_does_not_help_the_first_reply_stays_and_is_refused_with_every_reason(string? second)
    {
        var model = new ScriptedChatClient().On("code_edit", [Reply(Good + Bad), .. second is null ? Array.Empty<ScriptedReply>() : [second]]);
        await using var harness = Host(model, options => options.MaxAttempts = second is null ? 1 : 5);

        var result = await harness.RunAsync("Shout").Soon();

        var ended = Assert.Single(result.Calls).Result!;
        Assert.Equal(CallResult.Failure.Codes.PatchRejected, ended.Error!.Code);
        Assert.Contains("Send the whole patch again", ended.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kept", ended.Error.Message, StringComparison.Ordinal);
        Assert.Contains("+TWO", ended.Output.Inline.GetProperty("patch").GetString(), StringComparison.Ordinal);
        Assert.Empty(result.Diff);
    }

    [Fact]
    public async Task What_else_the_first_reply_held_stays()
    {
        var model = new ScriptedChatClient().On(
            "test_writer",
            """{"status":"success","patch":"--- a/app/a.txt\n+++ b/app/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n@@ -10,3 +10,3 @@\n ten\n-elf\n+ELEVEN\n twelve\n","files":[{"path":"tests/new.txt","code":"new\n"}],"tests":["New"],"notes":"","warnings":[]}""",
            """{"status":"success","patch":"--- a/app/a.txt\n+++ b/app/a.txt\n@@ -10,3 +10,3 @@\n ten\n-eleven\n+ELEVEN\n twelve\n","files":[],"tests":[],"notes":"","warnings":[]}""");
        await using var harness = Host(model, calls: TestWriter.Contract.Call(new TestWriter.Input("Shouts")));

        var result = await harness.RunAsync("Shout").Soon();

        Assert.True(Assert.Single(result.Calls).Succeeded, result.Calls[0].Result!.Error?.Message);
        Assert.Contains("tests/new.txt", result.Diff, StringComparison.Ordinal);
        Assert.Contains("+TWO", result.Diff, StringComparison.Ordinal);
        Assert.Contains("+ELEVEN", result.Diff, StringComparison.Ordinal);
        Assert.Equal("New", result.Calls[0].Result!.Output.Inline.GetProperty("tests")[0].GetString());
    }

    [Fact]
    public async Task A_patch_that_fits_nowhere_is_refused_without_asking_again()
    {
        var model = new ScriptedChatClient().On("code_edit", Reply(Bad));
        await using var harness = Host(model);

        var result = await harness.RunAsync("Shout").Soon();

        Assert.Equal(CallResult.Failure.Codes.PatchRejected, Assert.Single(result.Calls).Result!.Error!.Code);
        Assert.Single(model.Requests);
    }

    private static ScriptedReply Reply(string hunks) => $$"""
        ```diff name=patch
        --- a/app/a.txt
        +++ b/app/a.txt
        {{hunks}}```
        {"status":"success","patch":"@section:patch","notes":"","warnings":[]}
        """;

    private static OrchestratorHarness Host(ScriptedChatClient model, Action<OrchestratorOptions>? options = null, WorkerCall? calls = null)
    {
        var workspace = new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["app/a.txt"] = Code });
        return Hosts.With(
            Hosts.Calls(calls ?? CodeEdit.Contract.Call(new CodeEdit.Input("Shout", RepoPath.Parse("app/a.txt", null)))),
            host => host.UseWorkspace(_ => workspace).AddModel("m", _ => model).AddCodingWorkers("m"),
            options);
    }
}
