using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Testing;
using Orchestrator.Tests.Engine;

namespace Orchestrator.Tests.Workers.Context;

/// <summary>What a model gets of a worker's input, and what becomes of what it makes of it, through the real engine.</summary>
public sealed class WindowTests
{
    private const string Approved = """{"status":"success","verdict":"approved","comments":[],"notes":"","warnings":[]}""";
    private const string Nothing = """{"status":"failed","patch":null,"notes":"Nothing to do.","warnings":[]}""";

    /// <summary>Five thousand lines, of which every hundredth begins a method and all bodies are alike.</summary>
    private static readonly string Long = string.Concat(Enumerable.Range(1, 5_000).Select(line => (line % 100) switch
    {
        1 => $"    public void Method{line / 100}(Draft draft)\n",
        2 => "    {\n",
        99 => "    }\n",
        0 => "\n",
        50 => "        title = draft.Title.Trim();\n",
        var other => string.Create(CultureInfo.InvariantCulture, $"        Write(\"some text of line {other} in a method\", draft, {line});\n"),
    }));

    private static readonly ModelOptions Small = new() { ContextWindow = 16_000, MaxOutputTokens = 2_000 };

    [Fact]
    public async Task A_file_that_the_window_cannot_hold_is_refused_before_anything_is_sent_or_held()
    {
        var model = new ScriptedChatClient().On("code_edit", Nothing);

        var (result, record) = await RunAsync(model, Edit("Mend it", "src/Huge.cs"), new() { ["src/Huge.cs"] = string.Concat(Enumerable.Repeat("var text = \"two megabytes\";\n", 75_000)) });

        var error = result.Calls[0].Result!.Error!;
        Assert.Equal(CallResult.Failure.Codes.InvalidInput, error.Code);
        Assert.Matches(@"'src/Huge\.cs' does not fit: it has about [\d,]+ tokens\. The window of the model 'coder' is 128000 tokens", error.Message);
        Assert.Contains("ModelOptions.ContextWindow", error.Message, StringComparison.Ordinal);
        Assert.Contains("split", error.Message, StringComparison.Ordinal);
        Assert.Empty(model.Requests);
        Assert.Empty(record.Of<RunEvent.AttemptStarted>());
        Assert.Equal(0, result.Usage.Total);
    }

    [Fact]
    public async Task A_diff_that_does_not_fit_is_refused_rather_than_reviewed_in_part()
    {
        var model = new ScriptedChatClient().On("reviewer", Approved);
        var diff = "--- a/a.cs\n+++ b/a.cs\n@@ -0,0 +1,9000 @@\n" + string.Concat(Enumerable.Repeat("+a line of a diff\n", 9_000));

        var (result, _) = await RunAsync(model, Reviewer.Contract.Call(new Reviewer.Input("g") { Diff = diff }), [], Small);

        Assert.Contains("The diff does not fit", result.Calls[0].Result!.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task A_long_file_is_given_as_the_lines_that_matter_and_a_patch_on_them_lands_where_it_was_meant()
    {
        var model = new ScriptedChatClient().On("code_edit", _ => Patch(3_149, "        title = draft.Title?.Trim() ?? \"\";"));

        var (result, record) = await RunAsync(model, Edit("It crashes at src/Store.cs:3150", "src/Store.cs"), Sources());

        var text = model.Requests[0].LastText;
        Assert.Contains("\"total_lines\": 5000", text, StringComparison.Ordinal);
        Assert.Contains("3101:     public void Method31(Draft draft)", text, StringComparison.Ordinal);
        Assert.Matches(@"```csharp name=original_code\.parts\[\d\]\.code path=src/Store\.cs lines=\d+-\d+", text);
        Assert.Contains(", 3149);", text, StringComparison.Ordinal);
        Assert.DoesNotContain(", 1549);", text, StringComparison.Ordinal);
        Assert.Contains("Given only in part: 'src/Store.cs' (lines 1-", text, StringComparison.Ordinal);
        Assert.InRange(TokenEstimate.Of(text), 10_000, 64_000);
        Assert.True(result.Calls[0].Succeeded, record.ToMarkdown());
        Assert.Contains("@@ -3147,7 +3147,7 @@", result.Diff, StringComparison.Ordinal);
        Assert.Contains("+        title = draft.Title?.Trim()", result.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_given_in_part_cannot_be_replaced_as_a_whole()
    {
        const string Whole = """
            ```diff name=patch
            --- /dev/null
            +++ b/src/Store.cs
            @@ -0,0 +1,1 @@
            +class Store;
            ```
            {"status":"success","patch":"@section:patch","notes":"","warnings":[]}
            """;
        var stubborn = new ScriptedChatClient().On("code_edit", _ => Whole);
        var learning = new ScriptedChatClient().On("code_edit", Whole, Patch(3_149, "        title = \"\";"));

        var (refused, _) = await RunAsync(stubborn, Edit("It crashes at src/Store.cs:3150", "src/Store.cs"), Sources());
        var (landed, _) = await RunAsync(learning, Edit("It crashes at src/Store.cs:3150", "src/Store.cs"), Sources());

        Assert.Equal(CallResult.ReplyValidity.Degraded, refused.Calls[0].Result!.Validity);
        Assert.Contains("replaces 'src/Store.cs' as a whole", refused.Calls[0].Result!.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(refused.Diff);
        Assert.Contains("Give the change as a unified diff whose hunks lie within those lines", learning.Requests[1].LastText, StringComparison.Ordinal);
        Assert.Equal(CallResult.ReplyValidity.Repaired, landed.Calls[0].Result!.Validity);
        Assert.Contains("+        title = \"\";", landed.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_holds_for_whole_files_beside_a_patch()
    {
        var model = new ScriptedChatClient().On("test_writer", _ => """{"status":"success","patch":null,"files":[{"path":"tests/StoreTests.cs","code":"class StoreTests;\n"}],"tests":[],"notes":"","warnings":[]}""");
        var sources = Sources();
        sources["tests/StoreTests.cs"] = Long;
        var call = TestWriter.Contract.Call(new TestWriter.Input("It keeps titles") { TestFile = new CodeFile(RepoPath.Parse("tests/StoreTests.cs", null)) });

        var (result, _) = await RunAsync(model, call, sources);

        Assert.Contains("replaces 'tests/StoreTests.cs' as a whole", result.Calls[0].Result!.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(result.Diff);
    }

    [Fact]
    public async Task A_hunk_that_lands_among_lines_that_were_not_given_is_asked_for_again()
    {
        // Counted from the first line of what was given, as models do; the same text stands there too.
        var model = new ScriptedChatClient().On("code_edit", Alike(949), Alike(3_149));

        var (result, _) = await RunAsync(model, Edit("It crashes at src/Store.cs:3150", "src/Store.cs"), new() { ["src/Store.cs"] = LongAlike });

        Assert.Contains("lands at line 949, which you were not given", model.Requests[1].LastText, StringComparison.Ordinal);
        Assert.Equal(CallResult.ReplyValidity.Repaired, result.Calls[0].Result!.Validity);
        Assert.Contains("@@ -3147,7 +3147,7 @@", result.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_gets_whole_files_whatever_a_model_could_hold()
    {
        var seen = 0;
        await using var harness = Hosts.With(Hosts.Calls(WorkerCall.To("count", new { file = "src/Store.cs" })), host => host
            .UseWorkspace(_ => new InMemoryWorkspaceProvider(Sources()))
            .AddWorker<OneFile, OneNumber>("count", (input, _) => Task.FromResult(new OneNumber(seen = input.File.Text.Length))));

        await harness.RunAsync(new TaskRequest("Count")).Soon();

        Assert.Equal(Long.Length, seen);
    }

    [Fact]
    public async Task Related_files_come_with_a_file_to_edit_and_are_recorded_as_read()
    {
        var model = new ScriptedChatClient().On("code_edit", Nothing);
        var sources = new Dictionary<string, string>
        {
            ["src/Store.cs"] = "class Store { Draft draft; }\n", ["src/Draft.cs"] = "record Draft(string Title);\n", ["tests/StoreTests.cs"] = "class StoreTests { Store store; }\n", ["src/Other.cs"] = "class Other;\n",
        };

        var (_, record) = await RunAsync(model, Edit("Mend it", "src/Store.cs"), sources);

        var text = model.Requests[0].LastText;
        Assert.Contains("record Draft(string Title);", text, StringComparison.Ordinal);
        Assert.Contains("class StoreTests", text, StringComparison.Ordinal);
        Assert.DoesNotContain("class Other", text, StringComparison.Ordinal);
        Assert.Contains("\"why\": \"used by src/Store.cs", text, StringComparison.Ordinal);
        Assert.Superset(
            new HashSet<string> { "src/Store.cs", "src/Draft.cs", "tests/StoreTests.cs" },
            record.Of<RunEvent.FilesRead>().SelectMany(read => read.Reads).Where(read => read.Hash.Length == 64).Select(read => read.Path.Value).ToHashSet());
    }

    [Fact]
    public async Task A_review_sees_what_surrounds_the_change()
    {
        var model = new ScriptedChatClient().On("reviewer", Approved);
        var diff = "--- a/src/Store.cs\n+++ b/src/Store.cs\n@@ -1,1 +1,1 @@\n-class Store;\n+class Store { Draft draft; }\n";

        await RunAsync(model, Reviewer.Contract.Call(new Reviewer.Input("g") { Diff = diff }), new() { ["src/Store.cs"] = "class Store { Draft draft; }\n", ["src/Draft.cs"] = "record Draft(string Title);\n" });

        Assert.Contains("\"why\": \"named in the input\"", model.Requests[0].LastText, StringComparison.Ordinal);
        Assert.Contains("record Draft(string Title);", model.Requests[0].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_log_of_a_megabyte_comes_as_its_crash()
    {
        var model = new ScriptedChatClient().On("analysis", """{"status":"failed","likely_files":[],"hypotheses":[],"notes":"n","warnings":[]}""").On("code_edit", Nothing);
        var log = string.Concat(Enumerable.Repeat("10:00:00 info: request served, all is well with the pool and the cache\n", 8_000))
            + "Unhandled exception: System.NullReferenceException: draft\n   at Drafts.Store.Save(Draft draft) in /srv/src/Store.cs:line 2\n   at System.Threading.Thread.Start()\n"
            + string.Concat(Enumerable.Repeat("10:00:01 info: request served, all is well with the pool and the cache\n", 8_000));
        var sources = new Dictionary<string, string> { ["src/Store.cs"] = "class Store\n{ void Save() { } }\n" };

        foreach (var call in (WorkerCall[])[Analysis.Contract.Call(new Analysis.Input("It crashes")), Edit("Mend it", "src/Store.cs")])
        {
            await RunAsync(model, call, sources, Small, [new("crash.log", log)]);

            var text = model.Requests[^1].LastText;
            Assert.Contains("System.NullReferenceException: draft", text, StringComparison.Ordinal);
            Assert.Contains("Store.cs:line 2", text, StringComparison.Ordinal);
            Assert.Contains("left out", text, StringComparison.Ordinal);
            Assert.Contains("class Store\n{ void Save() { } }", text, StringComparison.Ordinal);
            Assert.InRange(TokenEstimate.Of(text), 100, 12_000);
        }
    }

    [Fact]
    public async Task Two_runs_on_one_tree_summarise_it_once_and_both_have_read_its_files()
    {
        var model = new ScriptedChatClient().On("planner", _ => """{"status":"failed","steps":[],"notes":"n","warnings":[]}""");
        var services = Services(model, Planner.Contract.Call(new Planner.Input("Plan")), new() { ["go.mod"] = "module x\n", ["README.md"] = "About it.\n" });
        await using var provider = services.BuildServiceProvider();
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        for (var round = 0; round < 2; round++)
        {
            var result = await orchestrator.RunAsync(new TaskRequest("Plan")).Soon();
            var record = await orchestrator.ReadAsync(result.Run);

            Assert.Contains("README.md", record.Of<RunEvent.FilesRead>().SelectMany(read => read.Reads).Select(read => read.Path.Value));
            Assert.Contains("Test: go test ./...", model.Requests[^1].LastText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_model_that_decides_is_told_what_the_repository_is_and_that_is_recorded_as_read_once()
    {
        var model = new ScriptedChatClient().On("decider", """{"action":"continue"}""", """{"action":"continue"}""", """{"action":"finish","status":"failed","summary":"No."}""");
        var services = new ServiceCollection();
        services.AddOrchestrator().AddModel("coder", _ => model).AddModelWorkflow("open", "coder").UseWorkspace(_ => new InMemoryWorkspaceProvider(new Dictionary<string, string> { ["README.md"] = "Keeps drafts.\n" }));
        await using var provider = services.BuildServiceProvider();
        var orchestrator = provider.GetRequiredService<IOrchestrator>();

        var result = await orchestrator.RunAsync(new TaskRequest("Look")).Soon();

        Assert.Contains("About (README.md): Keeps drafts.", model.Requests[0].LastText, StringComparison.Ordinal);
        var record = await orchestrator.ReadAsync(result.Run);
        Assert.Equal("README.md", Assert.Single(Assert.Single(record.Of<RunEvent.FilesRead>()).Reads).Path.Value);
        Assert.Contains("decider read `README.md`", record.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_without_room_for_a_prompt_is_refused_when_it_is_registered()
    {
        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => new RegisteredModel("m", () => new ScriptedChatClient(), new ModelOptions { ContextWindow = 8_000 }));

        Assert.Contains("ContextWindow of 8000 tokens and a MaxOutputTokens of 16384", failure.Message, StringComparison.Ordinal);
    }

    private static WorkerCall Edit(string goal, string path) => CodeEdit.Contract.Call(new CodeEdit.Input(goal, RepoPath.Parse(path, null)));

    private static Dictionary<string, string> Sources() => new() { ["src/Store.cs"] = Long };

    private static string LongAlike => string.Concat(Enumerable.Range(1, 5_000).Select(line => (line % 100) switch
    {
        1 => $"    public void Method{line / 100}(Draft draft)\n",
        50 => "        title = draft.Title.Trim();\n",
        var other => string.Create(CultureInfo.InvariantCulture, $"        Write(\"some text of line {other} in a method\", draft, \"more\");\n"),
    }));

    private static string Patch(int first, string line) => Hunk(first, $"        Write(\"some text of line 49 in a method\", draft, {first});", line, $"        Write(\"some text of line 51 in a method\", draft, {first + 2});");

    private static string Alike(int first) => Hunk(first, "        Write(\"some text of line 49 in a method\", draft, \"more\");", "        title = \"\";", "        Write(\"some text of line 51 in a method\", draft, \"more\");");

    private static string Hunk(int first, string before, string line, string after) =>
        $"```diff name=patch\n--- a/src/Store.cs\n+++ b/src/Store.cs\n@@ -{first},3 +{first},3 @@\n {before}\n-        title = draft.Title.Trim();\n+{line}\n {after}\n```\n{{\"status\":\"success\",\"patch\":\"@section:patch\",\"notes\":\"\",\"warnings\":[]}}";

    private static ServiceCollection Services(ScriptedChatClient model, WorkerCall call, Dictionary<string, string> sources, ModelOptions? options = null)
    {
        var services = new ServiceCollection();
        services.AddOrchestrator()
            .AddModel("coder", _ => model, options: options)
            .AddCodingWorkers("coder", tools: false)
            .AddWorkflow("once", Hosts.Calls(call))
            .UseWorkspace(_ => new InMemoryWorkspaceProvider(sources));
        return services;
    }

    private static async Task<(RunResult Result, RunRecord Record)> RunAsync(
        ScriptedChatClient model, WorkerCall call, Dictionary<string, string> sources, ModelOptions? options = null, IReadOnlyList<TaskRequest.Attachment>? attachments = null)
    {
        await using var provider = Services(model, call, sources, options).BuildServiceProvider(validateScopes: true);
        var orchestrator = provider.GetRequiredService<IOrchestrator>();
        var result = await orchestrator.RunAsync(new TaskRequest("Look after drafts") { Attachments = attachments ?? [] }).Soon();
        return (result, await orchestrator.ReadAsync(result.Run));
    }

    private sealed record OneFile(SourceFile File);

    private sealed record OneNumber(int Value);
}
