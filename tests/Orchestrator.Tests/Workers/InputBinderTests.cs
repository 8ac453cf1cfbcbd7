using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Workers;

public sealed class InputBinderTests
{
    private readonly TreeOfFiles _files = new()
    {
        Diff = "--- a/src/Draft.cs\n+++ b/src/Draft.cs\n",
        ["src/DraftStore.cs"] = "class DraftStore;\n",
        ["src/Draft.cs"] = "one\ntwo\nthree\nfour\n",
        ["tests/DraftTests.cs"] = "class DraftTests;\n",
    };

    private readonly TaskRequest _task = new("Fix the crash.") { Id = "BUG-17", Constraints = ["Keep the API."] };

    [Fact]
    public async Task An_edit_gets_its_file_its_context_and_what_the_task_knows()
    {
        var input = await BindAsync("""{"goal":"Mend it.","file_path":"src/DraftStore.cs","context":{"related_files":["src/Draft.cs"]}}""", CodeEdit.Contract.InputType);

        Assert.Equal(("BUG-17", "Mend it.", "class DraftStore;\n"), (input.TaskId, input.Goal, input.OriginalCode));
        Assert.Equal(["Keep the API."], input.Constraints);
        Assert.Equal("one\ntwo\nthree\nfour\n", Assert.Single(input.Context.RelatedFiles).Code);
        Assert.Equal(["src/DraftStore.cs", "src/Draft.cs"], _files.Reads);
    }

    [Fact]
    public async Task What_a_typed_call_says_binds()
    {
        var call = CodeEdit.Contract.Call(new("Mend it.", RepoPath.Parse("src/DraftStore.cs", null)) { Context = CodeFile.Context.Of(RepoPath.Parse("src/Draft.cs", null)) });

        var input = await InputBinder.BindAsync(call.Input.Inline, CodeEdit.Contract.InputType, _files, _task, default);

        Assert.Equal("class DraftStore;\n", input.OriginalCode);
        Assert.Equal("src/Draft.cs", Assert.Single(input.Context.RelatedFiles).Path.Value);
    }

    [Fact]
    public async Task Text_that_is_given_is_not_read()
    {
        var input = await BindAsync("""{"goal":"g","file_path":"src/New.cs","original_code":"","context":{"related_files":[{"path":"x.cs","code":"x"}]}}""", CodeEdit.Contract.InputType);

        Assert.Equal("", input.OriginalCode);
        Assert.Empty(_files.Reads);
    }

    [Fact]
    public async Task A_missing_file_is_named_together_with_what_resembles_it()
    {
        var failure = await Assert.ThrowsAsync<InputBindingException>(() => BindAsync("""{"goal":"g","file_path":"src/DraftStor.cs"}""", CodeEdit.Contract.InputType));

        Assert.Contains("'src/DraftStor.cs' at 0123456789ab", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'src/DraftStore.cs'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"goal":"g","file_path":"../secret"}""", "'../secret' is not a path")]
    [InlineData("""{"goal":"g"}""", "$.file_path: is missing")]
    [InlineData("""{"goal":7,"file_path":"src/Draft.cs"}""", "$.goal: takes a string")]
    [InlineData("""[]""", "is a JSON object")]
    [InlineData("""{"goal":"a","goal":"b","file_path":"src/Draft.cs"}""", "cannot be read")]
    public async Task A_payload_that_does_not_fit_says_why(string payload, string expected)
    {
        var failure = await Assert.ThrowsAsync<InputBindingException>(() => BindAsync(payload, CodeEdit.Contract.InputType));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_no_text_are_refused_by_name()
    {
        _files["logo.png"] = "\u0089PNG\0\0";

        var failure = await Assert.ThrowsAsync<InputBindingException>(() => BindAsync("""{"goal":"g","file_path":"logo.png"}""", CodeEdit.Contract.InputType));

        Assert.Contains("'logo.png' is not a text file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_gets_every_file()
    {
        var input = await BindAsync("""{"goal":"g","files":["src/Draft.cs",{"file_path":"src/DraftStore.cs"}]}""", CodeEdit.Batch.Contract.InputType);

        Assert.Equal(["one\ntwo\nthree\nfour\n", "class DraftStore;\n"], input.Files.Select(file => file.OriginalCode));
    }

    [Fact]
    public async Task Tests_may_go_into_a_file_that_does_not_exist_yet()
    {
        var input = await BindAsync("""{"behaviour":"b","target":"src/Draft.cs","test_file":"tests/New.cs"}""", TestWriter.Contract.InputType);

        Assert.Equal("one\ntwo\nthree\nfour\n", input.Target!.Code);
        Assert.Equal(("tests/New.cs", ""), (input.TestFile!.Path.Value, input.TestFile.Code));
    }

    [Fact]
    public async Task A_review_gets_what_the_run_has_changed()
    {
        var input = await BindAsync("""{}""", Reviewer.Contract.InputType);

        Assert.Equal(("Fix the crash.", _files.Diff), (input.Goal, input.Diff));
    }

    [Fact]
    public async Task A_review_of_nothing_is_refused()
    {
        var failure = await Assert.ThrowsAsync<InputBindingException>(
            () => InputBinder.BindAsync(Parse("{}"), Reviewer.Contract.InputType, new TreeOfFiles(), _task, default).AsTask());

        Assert.Contains("no diff", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_are_read_beside_the_diff()
    {
        var input = await BindAsync("""{"goal":"g","docs":["src/Draft.cs"]}""", DocWriter.Contract.InputType);

        Assert.Equal("one\ntwo\nthree\nfour\n", Assert.Single(input.Docs).Code);
        Assert.NotEqual("", input.Diff);
    }

    [Fact]
    public async Task A_planner_without_a_summary_gets_one_that_is_found_by_looking()
    {
        var input = await BindAsync("""{"goal":"g"}""", Planner.Contract.InputType);

        Assert.Equal("Size: 3 files in 2 folders\nLanguages, by files: C# 100%\nLayout:\nsrc/ Draft.cs, DraftStore.cs\ntests/ DraftTests.cs", input.RepoSummary);
    }

    [Fact]
    public async Task An_analysis_without_logs_gets_what_came_with_the_task()
    {
        var task = _task with { Attachments = [new("crash.log", "boom")] };

        var input = await InputBinder.BindAsync(Parse("""{"report":"r"}"""), Analysis.Contract.InputType, _files, task, default);

        Assert.Equal(["crash.log\nboom"], input.Logs);
    }

    [Fact]
    public async Task A_plan_step_without_an_input_binds_to_every_contract()
    {
        var step = new PlanStep("s1", "edit", "Mend it.") { Reads = ["src/Draft.cs"], Writes = ["src/DraftStore.cs"] };
        var payload = StepPayload.Of(step).Inline;

        var edit = await InputBinder.BindAsync(payload, CodeEdit.Contract.InputType, _files, _task, default);
        var batch = await InputBinder.BindAsync(payload, CodeEdit.Batch.Contract.InputType, _files, _task, default);
        var tests = await InputBinder.BindAsync(payload, TestWriter.Contract.InputType, _files, _task, default);
        var analysis = await InputBinder.BindAsync(payload, Analysis.Contract.InputType, _files, _task, default);
        var issues = await InputBinder.BindAsync(payload, StaticAnalysis.Contract.InputType, _files, _task, default);
        var docs = await InputBinder.BindAsync(payload, DocWriter.Contract.InputType, _files, _task, default);
        var review = await InputBinder.BindAsync(payload, Reviewer.Contract.InputType, _files, _task, default);
        var plan = await InputBinder.BindAsync(payload, Planner.Contract.InputType, _files, _task, default);

        Assert.Equal(("Mend it.", "src/DraftStore.cs"), (edit.Goal, edit.FilePath.Value));
        Assert.Equal("src/Draft.cs", Assert.Single(edit.Context.RelatedFiles).Path.Value);
        Assert.Equal("src/DraftStore.cs", Assert.Single(batch.Files).FilePath.Value);
        Assert.Equal(("Mend it.", "src/DraftStore.cs"), (tests.Behaviour, tests.TestFile!.Path.Value));
        Assert.Equal("Mend it.", analysis.Report);
        Assert.Equal("src/Draft.cs", Assert.Single(issues.Files).Path.Value);
        Assert.Equal("src/Draft.cs", Assert.Single(docs.Docs).Path.Value);
        Assert.Equal("Mend it.", review.Goal);
        Assert.Equal("Mend it.", plan.Goal);
    }

    [Fact]
    public async Task A_step_may_write_a_file_that_does_not_exist_yet()
    {
        var step = new PlanStep("s1", "edit", "Add it.") { Writes = ["src/New.cs"] };

        var input = await InputBinder.BindAsync(StepPayload.Of(step).Inline, CodeEdit.Contract.InputType, _files, _task, default);

        Assert.Equal(("src/New.cs", ""), (input.FilePath.Value, input.OriginalCode));
    }

    [Fact]
    public async Task Members_of_an_own_contract_are_bound_by_path_with_hash_revision_and_span()
    {
        var type = (JsonTypeInfo<Own>)WireJson.Reflective.GetTypeInfo(typeof(Own));

        var input = await BindAsync("""{"one":"src/DraftStore.cs","more":["src/Draft.cs",{"path":"src/Draft.cs","span":{"first":2,"last":3}}],"inner":{"file":"tests/DraftTests.cs"}}""", type);

        Assert.Equal(("class DraftStore;\n", "hash-of-DraftStore.cs", "0123456789abcdef"), (input.One.Text, input.One.Hash, input.One.Revision));
        Assert.Equal("two\nthree", input.More[1].Text);
        Assert.Equal(new SourceFile.Lines(2, 3), input.More[1].Span);
        Assert.Equal("class DraftTests;\n", input.Inner!.File.Text);
    }

    private Task<T> BindAsync<T>(string payload, JsonTypeInfo<T> type)
        where T : class => InputBinder.BindAsync(Parse(payload), type, _files, _task, default).AsTask();

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public sealed record Own(SourceFile One)
    {
        public IReadOnlyList<SourceFile> More { get; init; } = [];

        public Inner? Inner { get; init; }
    }

    public sealed record Inner(SourceFile File);
}
