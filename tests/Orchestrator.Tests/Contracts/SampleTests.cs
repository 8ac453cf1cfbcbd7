using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Contracts;

public sealed class SampleTests
{
    public static TheoryData<string> Contracts => [.. ContractCatalogue.All.Select(entry => $"{entry.Capability}/{entry.Version}")];

    public static TheoryData<string> Decisions => ["call_worker", "calls", "continue", "replan", "finish"];

    [Fact]
    public void There_are_eight_contracts() => Assert.Equal(
        ["analysis", "code_edit", "code_edit_batch", "doc_writer", "planner", "reviewer", "static_analysis", "test_writer"],
        ContractCatalogue.All.Select(entry => entry.Capability));

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Every_sample_of_a_contract_reads_strictly_and_loses_nothing(string contract)
    {
        var entry = Find(contract);

        AssertReads($"{entry.Capability}.input.v{entry.Version}.json", entry.InputType);
        AssertReads($"{entry.Capability}.output.v{entry.Version}.json", entry.OutputType);
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Every_sample_holds_every_member_of_its_contract(string contract)
    {
        var entry = Find(contract);

        foreach (var (part, type) in new[] { ("input", entry.InputType), ("output", entry.OutputType) })
        {
            using var sample = JsonDocument.Parse(ContractCatalogue.Resource($"{entry.Capability}.{part}.v{entry.Version}.json"));
            Assert.Equal(
                ContractMember.Of(type).Select(member => member.Name).Order(StringComparer.Ordinal),
                sample.RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Schemas_are_as_checked_in(string contract)
    {
        var entry = Find(contract);

        AssertSame($"{entry.Capability}.v{entry.Version}.schema.json", $$"""{"input":{{entry.InputSchema.GetRawText()}},"output":{{entry.OutputSchema.GetRawText()}}}""");
    }

    [Fact]
    public void The_task_sample_reads()
    {
        var task = JsonSerializer.Deserialize(ContractCatalogue.Resource("task.v1.json"), CoreJsonContext.Default.TaskRequest)!;

        Assert.Equal(("BUG-17", "drafts"), (task.Id, task.Scope.Repo));
        Assert.Equal(["src/Drafts/**", "tests/**"], task.Scope.Paths);
        Assert.Equal(["Keep the public API."], task.Constraints);
    }

    [Fact]
    public void The_plan_sample_reads()
    {
        var plan = JsonSerializer.Deserialize(ContractCatalogue.Resource("plan.v1.json"), CoreJsonContext.Default.Plan)!;

        Assert.Equal(["s1", "s2"], plan.Steps.Select(step => step.Id));
        Assert.Equal(["src/Drafts/DraftStore.cs"], plan.Steps[0].Writes);
        Assert.Equal(["s1"], plan.Steps[1].DependsOn);
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Every_decision_sample_reads_and_writes_the_same(string name)
    {
        var text = ContractCatalogue.Resource($"decision.{name}.v1.json");

        var decision = JsonSerializer.Deserialize(text, CoreJsonContext.Default.Decision)!;

        using var sample = JsonDocument.Parse(text);
        var written = JsonSerializer.SerializeToElement(decision, CoreJsonContext.Default.Decision);
        Assert.Equal(sample.RootElement.GetProperty("action").GetString(), written.GetProperty("action").GetString());
        Assert.Equal(sample.RootElement.EnumerateObject().Count(), written.EnumerateObject().Count());
    }

    private static ContractCatalogue.Entry Find(string contract) => ContractCatalogue.All.Single(each => $"{each.Capability}/{each.Version}" == contract);

    private static void AssertReads(string name, JsonTypeInfo type)
    {
        using var sample = JsonDocument.Parse(ContractCatalogue.Resource(name));
        var walk = new ContractWalk();
        using var writer = new Utf8JsonWriter(new MemoryStream());
        walk.Visit(sample.RootElement, type, "$", 0, writer);
        Assert.Empty(walk.Violations);
        Assert.Empty(walk.Warnings);

        var value = sample.RootElement.Deserialize(type);
        var written = JsonSerializer.SerializeToElement(value, type);
        Assert.True(JsonElement.DeepEquals(WithoutNulls(sample.RootElement), written), $"{name} came back as {written.GetRawText()}");
    }

    private static JsonElement WithoutNulls(JsonElement json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(json, writer);
        }

        return JsonDocument.Parse(stream.ToArray()).RootElement;

        static void Write(JsonElement json, Utf8JsonWriter writer)
        {
            switch (json.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteStartObject();
                    foreach (var member in json.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
                    {
                        writer.WritePropertyName(member.Name);
                        Write(member.Value, writer);
                    }

                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    writer.WriteStartArray();
                    foreach (var item in json.EnumerateArray())
                    {
                        Write(item, writer);
                    }

                    writer.WriteEndArray();
                    break;
                default:
                    json.WriteTo(writer);
                    break;
            }
        }
    }

    private static void AssertSame(string name, string actual)
    {
        using var expected = JsonDocument.Parse(ContractCatalogue.Resource(name));
        using var found = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, found.RootElement), $"{name} differs. If that is meant, it is a new version; the schema is now:\n{actual}");
    }
}
