using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Testing;
using Orchestrator.Tests.Models;

namespace Orchestrator.Tests.Workers;

public sealed class ModelWorkerTests
{
    private const string Patch = "--- a/src/A.cs\n+++ b/src/A.cs\n@@ -1,1 +1,1 @@\n-x\n+y\n";
    private const string Good = $"```diff name=patch\n{Patch}```\n{{\"status\":\"success\",\"patch\":\"@section:patch\",\"notes\":\"done\",\"warnings\":[]}}";

    private readonly AttemptBook _book = new();
    private readonly TreeOfFiles _files = new() { ["src/A.cs"] = "x\n```\n", Diff = "diff\n" };
    private readonly WorkerContext _context = new() { Task = new TaskRequest("Fix the crash.") { Constraints = ["Keep the API."] } };

    [Fact]
    public async Task A_valid_reply_needs_one_request_and_its_patch_is_found()
    {
        var model = new ScriptedChatClient().On("code_edit", Good);

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Valid, reply.Validity);
        Assert.Empty(reply.Violations);
        Assert.Equal(Patch, reply.Output.GetProperty("patch").GetString());
        Assert.Single(model.Requests);
    }

    [Fact]
    public async Task The_request_names_role_and_version_and_carries_schema_rules_and_files_unescaped()
    {
        var model = new ScriptedChatClient().On("code_edit", Good);

        await EditAsync(model);

        var request = model.Requests[0];
        var format = Assert.IsType<ChatResponseFormatJson>(request.Options!.ResponseFormat);
        Assert.Equal("code_edit_v1", format.SchemaName);
        Assert.True(JsonElement.DeepEquals(CodeEdit.Contract.OutputSchema, format.Schema!.Value));
        Assert.Equal(("code_edit", 1), (request.Role, request.Version));
        Assert.Contains("````csharp name=original_code path=src/A.cs\nx\n```\n````", request.LastText, StringComparison.Ordinal);
        Assert.Contains("Keep the API.", request.LastText, StringComparison.Ordinal);
        Assert.Contains("@section:", request.Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contract_without_code_asks_for_strict_json_and_speaks_of_no_sections()
    {
        var model = new ScriptedChatClient().On("reviewer", """{"status":"success","verdict":"approved","comments":[],"notes":"","warnings":[]}""");

        var reply = await RunAsync(Registered(Reviewer.Contract), model, "{}");

        Assert.Equal(CallResult.ReplyValidity.Valid, reply.Validity);
        Assert.Equal(true, model.Requests[0].Options!.AdditionalProperties![PromptKeys.Strict]);
        Assert.DoesNotContain("@section", model.Requests[0].Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_id_and_hash_stand_in_every_intent()
    {
        var model = new ScriptedChatClient().On("code_edit", "prose", Good);

        var (_, worker) = await EditAsync(model);

        Assert.Equal(["code_edit/1", "code_edit/1/repair"], _book.Intents.Select(intent => intent.Prompt));
        Assert.Equal(worker.PromptHash, _book.Intents[0].PromptHash);
        Assert.NotEqual(_book.Intents[0].PromptHash, _book.Intents[1].PromptHash);
        Assert.Equal(64, worker.PromptHash.Length);
    }

    [Fact]
    public void The_role_can_be_replaced_and_the_contract_cannot()
    {
        var ordinary = WorkerPrompt.For(CodeEdit.Contract, null);
        var own = WorkerPrompt.For(CodeEdit.Contract, "You are a careful surgeon.");

        Assert.StartsWith("You are a careful surgeon.", own.Text, StringComparison.Ordinal);
        Assert.EndsWith(ordinary.Text[ordinary.Text.IndexOf("# Reply", StringComparison.Ordinal)..], own.Text, StringComparison.Ordinal);
        Assert.NotEqual(ordinary.Hash, own.Hash);
    }

    [Fact]
    public void Every_capability_has_a_role_of_its_own()
    {
        List<string> roles = [.. Orchestrator.Tests.Contracts.ContractCatalogue.All.Select(entry => RolePrompts.Of(entry.Capability))];

        Assert.Equal(8, roles.Distinct().Count());
        Assert.DoesNotContain(roles, role => role.Contains("one piece of work", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("I have fixed it, see above.")]
    [InlineData("{\"status\":\"success\",\"patch\":\"--- a")]
    [InlineData("{\"action\":\"dance\"}")]
    [InlineData("")]
    public async Task A_bad_reply_is_asked_for_once_more_with_what_is_wrong(string bad)
    {
        var model = new ScriptedChatClient().On("code_edit", bad, Good);

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Repaired, reply.Validity);
        Assert.NotEmpty(reply.Violations);
        Assert.Equal(Patch, reply.Output.GetProperty("patch").GetString());
        var repair = model.Requests[1];
        Assert.Contains("does not keep the contract", repair.LastText, StringComparison.Ordinal);
        Assert.Contains(reply.Violations[0], repair.LastText, StringComparison.Ordinal);
        Assert.Contains("Second and last try", repair.Messages[0].Text, StringComparison.Ordinal);
        Assert.Equal(bad.Length > 0, repair.Messages.Any(message => message.Role == ChatRole.Assistant && message.Text == bad));
    }

    [Theory]
    [InlineData("I have fixed it, see above.")]
    [InlineData("{\"status\":\"success\",\"patch\":\"--- a")]
    [InlineData("{\"action\":\"dance\"}")]
    public async Task Two_bad_replies_end_degraded_with_the_text_kept(string bad)
    {
        var model = new ScriptedChatClient().Otherwise(_ => bad);

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Degraded, reply.Validity);
        Assert.Equal(bad, reply.Output.GetProperty("raw_text").GetString());
        Assert.Contains(reply.Violations, violation => violation.StartsWith("Second try:", StringComparison.Ordinal));
        Assert.False(reply.Output.TryGetProperty("patch", out _));
        Assert.Equal(2, model.Requests.Count);
    }

    [Fact]
    public async Task Two_empty_replies_are_no_reply()
    {
        var (reply, _) = await EditAsync(new ScriptedChatClient().Otherwise(_ => ""));

        Assert.Equal(CallResult.ReplyValidity.Failed, reply.Validity);
    }

    [Fact]
    public async Task Five_megabytes_of_prose_end_degraded_and_are_not_sent_back()
    {
        var model = new ScriptedChatClient().Otherwise(_ => new ScriptedReply(new string('x', 6_000_000)) { PieceLength = 65_536 });

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Degraded, reply.Validity);
        Assert.True(model.Requests[1].Text.Length < 200_000);
    }

    [Fact]
    public async Task A_repair_that_drops_the_patch_is_not_taken()
    {
        var first = $"{{\"status\":\"done\",\"patch\":{JsonSerializer.Serialize(Patch)}}}";
        var model = new ScriptedChatClient().On("code_edit", first, """{"status":"failed","patch":null,"notes":"","warnings":[]}""");

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Degraded, reply.Validity);
        Assert.Equal(first, reply.Output.GetProperty("raw_text").GetString());
        Assert.Contains(reply.Violations, violation => violation.Contains("left out 'patch'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repair_that_drops_a_section_of_a_reply_that_broke_off_is_not_taken()
    {
        var model = new ScriptedChatClient().On("code_edit", $"```diff name=patch\n{Patch}```\n{{\"status\":\"succ", """{"status":"failed"}""");

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Degraded, reply.Validity);
    }

    [Fact]
    public async Task A_repair_that_empties_a_list_is_not_taken()
    {
        var model = new ScriptedChatClient().On(
            "reviewer",
            """{"status":"success","verdict":"reject","comments":[{"text":"Wrong."}]}""",
            """{"status":"success","verdict":"approved","comments":[]}""");

        var reply = await RunAsync(Registered(Reviewer.Contract), model, "{}");

        Assert.Equal(CallResult.ReplyValidity.Degraded, reply.Validity);
    }

    [Fact]
    public async Task A_repair_that_gives_files_instead_of_a_patch_is_taken()
    {
        var model = new ScriptedChatClient().On(
            "test_writer",
            """{"status":"ok","patch":"--- a/t\n"}""",
            """{"status":"success","patch":null,"files":[{"path":"tests/T.cs","code":"class T;"}]}""");

        var worker = Registered(TestWriter.Contract);
        var reply = await RunAsync(worker, model, """{"behaviour":"b"}""");

        Assert.Equal(CallResult.ReplyValidity.Repaired, reply.Validity);
        Assert.Equal("class T;", reply.Output.GetProperty("files")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_reply_that_the_provider_withholds_is_not_asked_for_again()
    {
        var model = new ScriptedChatClient().On("code_edit", new ScriptedReply("I can") { FinishReason = ChatFinishReason.ContentFilter });

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Failed, reply.Validity);
        Assert.Contains("content filter", Assert.Single(reply.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_was_cut_off_says_so_in_the_repair()
    {
        var model = new ScriptedChatClient().On("code_edit", new ScriptedReply("{\"status\":") { FinishReason = ChatFinishReason.Length }, Good);

        var (reply, _) = await EditAsync(model);

        Assert.Contains(reply.Violations, violation => violation.Contains("cut off at its limit of tokens", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repair_that_cannot_be_paid_for_or_sent_keeps_the_first_reply()
    {
        var model = new ScriptedChatClient().On("code_edit", "prose", ScriptedReply.Fails(new HttpRequestException("no", null, HttpStatusCode.Forbidden)));

        var (reply, _) = await EditAsync(model);

        Assert.Equal(CallResult.ReplyValidity.Degraded, reply.Validity);
        Assert.Equal("prose", reply.Output.GetProperty("raw_text").GetString());
        Assert.Contains(reply.Violations, violation => violation.Contains("could not be asked for again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_crash_between_first_reply_and_repair_only_the_repair_is_sent()
    {
        var model = new ScriptedChatClient().On("code_edit", "prose", Good);
        await EditAsync(model);
        var afterCrash = _book.Reopen();
        afterCrash.TryTakeReceipt(_book.Intents[1].RequestHash, out _);
        var second = new ScriptedChatClient().On("code_edit", Good);

        var worker = Registered(CodeEdit.Contract);
        var reply = await RunAsync(worker, second, """{"goal":"g","file_path":"src/A.cs"}""", afterCrash);

        Assert.Equal(CallResult.ReplyValidity.Repaired, reply.Validity);
        Assert.Single(second.Requests);
    }

    private static WorkerRegistration Registered<TInput, TOutput>(WorkerContract<TInput, TOutput> contract)
        where TInput : class
        where TOutput : class => WorkerRegistration.OfModel(contract, () => new ModelWorkerOptions("m"), "m", new WorkerOptions());

    private async Task<(BoundReply Reply, WorkerRegistration Worker)> EditAsync(IChatClient model)
    {
        var worker = Registered(CodeEdit.Contract);
        return (await RunAsync(worker, model, """{"goal":"g","file_path":"src/A.cs"}"""), worker);
    }

    private async Task<BoundReply> RunAsync(WorkerRegistration worker, IChatClient model, string payload, AttemptBook? book = null)
    {
        using var registered = new RegisteredModel("m", () => model);
        using var document = JsonDocument.Parse(payload);
        var context = _context with { Models = new MeteredModels([registered], book ?? _book, new VirtualTime(), new SeededRandom(1)) };
        await using var services = new ServiceCollection().BuildServiceProvider();
        return await worker.Bind(services).RunAsync(document.RootElement, _files, context, default);
    }
}
