using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Contracts;

public sealed class WorkerContractTests
{
    private static readonly RepoPath Store = RepoPath.Parse("src/DraftStore.cs", null);

    [Fact]
    public void A_call_holds_intent_only()
    {
        var call = CodeEdit.Contract.Call(new("Mend it.", Store) { Context = CodeFile.Context.Of(RepoPath.Parse("src/Draft.cs", null)) });

        Assert.Equal(("code_edit", 1), (call.Capability, call.Version));
        Assert.Equal("""{"goal":"Mend it.","file_path":"src/DraftStore.cs","context":{"related_files":[{"path":"src/Draft.cs"}]}}""", call.Input.Inline.GetRawText());
    }

    [Fact]
    public void A_bound_file_goes_into_a_call_as_its_path()
    {
        var contract = new WorkerContract<Listing, Listing>("listing");
        var file = new SourceFile(Store, "text", "hash", "commit");

        var call = contract.Call(new Listing(file) { More = [file with { Span = new SourceFile.Lines(2, 3) }] });

        Assert.Equal("""{"one":"src/DraftStore.cs","more":[{"path":"src/DraftStore.cs","span":{"first":2,"last":3}}]}""", call.Input.Inline.GetRawText());
        Assert.Equal("string", contract.InputSchema.GetProperty("properties").GetProperty("one").GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_output_of_a_call_is_read_back()
    {
        using var output = JsonDocument.Parse("""{"status":"success","patch":"--- a/a\n"}""");
        var call = new CallState(new CallId(1), CodeEdit.Contract.Call(new("g", Store)), CallState.Phase.Done)
        {
            Result = new CallResult(WorkerClaim.Success, CallResult.ReplyValidity.Valid) { Output = Payload.Of(output.RootElement) },
        };

        var read = await CodeEdit.Contract.OutputAsync(new DeciderContext(), call);

        Assert.Equal("--- a/a\n", read!.Patch!.Text);
        Assert.Empty(read.Warnings);
        Assert.Null(await CodeEdit.Contract.OutputAsync(new DeciderContext(), null));
    }

    [Fact]
    public void Every_schema_is_closed_and_requires_every_member()
    {
        foreach (var entry in ContractCatalogue.All)
        {
            AssertStrict(entry.InputSchema, entry.Capability);
            AssertStrict(entry.OutputSchema, entry.Capability);
        }
    }

    [Fact]
    public void A_planners_output_becomes_a_plan()
    {
        var output = new Planner.Output(WorkerClaim.Success, [new Planner.Step("s1", "edit", "Mend it.") { Capability = "code_edit", Writes = [Store] }, new Planner.Step("s2", "review", "Look.") { DependsOn = ["s1"] }]);

        var plan = output.ToPlan();

        Assert.Equal(["src/DraftStore.cs"], plan.Steps[0].Writes);
        Assert.Equal("code_edit", plan.Steps[0].Capability);
        Assert.Equal(["s1"], plan.Steps[1].DependsOn);
    }

    private static void AssertStrict(JsonElement schema, string where)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in schema.EnumerateArray())
            {
                AssertStrict(item, where);
            }
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean(), where);
            Assert.Equal(properties.EnumerateObject().Select(member => member.Name), schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
            Assert.All(properties.EnumerateObject(), member => Assert.True(member.Value.TryGetProperty("type", out _), $"{where}: {member.Name} has no type"));
        }

        foreach (var member in schema.EnumerateObject())
        {
            AssertStrict(member.Value, $"{where}.{member.Name}");
        }
    }

    public sealed record Listing(SourceFile One)
    {
        public IReadOnlyList<SourceFile> More { get; init; } = [];
    }
}
