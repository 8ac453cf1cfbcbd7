using System.Text.Json;

namespace Orchestrator.Tests;

public sealed class DecisionJsonTests
{
    private static readonly JsonSerializerOptions Strict = WireJson.Strict(CoreJsonContext.Default);
    private static readonly JsonSerializerOptions Tolerant = WireJson.Tolerant(CoreJsonContext.Default);

    [Theory]
    [InlineData("""{"action":"call_worker","worker_id":"code_edit","payload":{"goal":"Fix it","paths":["a.cs"]}}""")]
    [InlineData("""{"action":"call_worker","worker_id":"verify"}""")]
    [InlineData("""{"action":"call_worker","calls":[{"worker_id":"test_writer","payload":{}},{"worker_id":"reviewer","version":2,"payload":[1],"depends_on":["c1","c2"]}]}""")]
    [InlineData("""{"action":"continue","wake":"completion"}""")]
    [InlineData("""{"action":"continue","wake":"failure"}""")]
    [InlineData("""{"action":"continue","wake":"idle"}""")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":"s1","kind":"edit","description":"Do it","capability":"","depends_on":[],"reads":[],"writes":[]}]}}""")]
    [InlineData("""{"action":"finish","summary":"Done","artifacts":["diff"]}""")]
    [InlineData("""{"action":"finish","summary":"Half","artifacts":[],"status":"partial","abandons":["c3"]}""")]
    [InlineData("""{"action":"finish","summary":"None","artifacts":[],"status":"failed"}""")]
    [InlineData("""{"action":"call_worker","calls":[]}""")]
    public void A_decision_is_read_and_written_in_the_same_shape(string json)
    {
        Assert.Equal(json, JsonSerializer.Serialize(Read(json, Strict), Tolerant));
        Assert.Equal(json, JsonSerializer.Serialize(Read(json, Tolerant), Tolerant));
    }

    [Fact]
    public void Every_member_arrives_where_it_belongs()
    {
        var call = Assert.IsType<Decision.CallWorker>(Read("""{"payload":{"goal":"x"},"version":3,"depends_on":["c7"],"worker_id":"code_edit","action":"call_worker"}""", Strict));
        var replan = Assert.IsType<Decision.Replan>(Read("""{"action":"replan","plan":{"steps":[{"id":"b","kind":"edit","description":"B","capability":"code_edit","depends_on":["a"],"reads":["x"],"writes":["y"],"cost_guess":0.5}]}}""", Strict));
        var finish = Assert.IsType<Decision.Finish>(Read("""{"action":"finish","summary":"s","artifacts":["a"],"status":"partial","abandons":["c1"]}""", Strict));

        var only = Assert.Single(call.Calls);
        Assert.Equal(("code_edit", 3, "x"), (only.Capability, only.Version, only.Input.Inline.GetProperty("goal").GetString()));
        Assert.Equal([new CallId(7)], only.DependsOn);
        var step = Assert.Single(replan.Plan.Steps);
        Assert.Equal(("b", "edit", "B", "code_edit", 0.5m), (step.Id, step.Kind, step.Description, step.Capability, step.CostGuess));
        Assert.Equal(["a", "x", "y"], [.. step.DependsOn, .. step.Reads, .. step.Writes]);
        Assert.Equal(("s", RunStatus.Partial), (finish.Summary, finish.Status));
        Assert.Equal(["a", "c1"], [.. finish.Artifacts, .. finish.Abandons.Select(id => id.ToString())]);
    }

    [Theory]
    [InlineData("""{"action":"continue"}""")]
    [InlineData("""{"action":"continue","wake":null}""")]
    [InlineData("""{"action":"finish","summary":"s"}""")]
    [InlineData("""{"action":"finish","summary":"s","artifacts":null,"status":null,"abandons":null}""")]
    [InlineData("""{"action":"call_worker","worker_id":"a","version":null,"depends_on":null,"calls":null}""")]
    [InlineData("""{"action":"call_worker","worker_id":"a","mood":"good"}""")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":"s","kind":"k","description":"d"}],"mood":1}}""")]
    public void What_is_optional_may_be_missing_and_what_is_superfluous_is_passed_over(string json)
    {
        var decision = Read(json, Strict);

        Nullness.AssertNoNullCollections(decision);
    }

    [Theory]
    [InlineData("""[]""", "object with an 'action'")]
    [InlineData("""{"worker_id":"a"}""", "object with an 'action'")]
    [InlineData("""{"action":7}""", "'action' is a string")]
    [InlineData("""{"action":"dance"}""", "'dance' is not an action; use call_worker, continue, replan or finish")]
    [InlineData("""{"action":"call_worker"}""", "'worker_id'")]
    [InlineData("""{"action":"call_worker","worker_id":7}""", "'worker_id' is the name of a capability")]
    [InlineData("""{"action":"call_worker","worker_id":null}""", "'worker_id' is the name of a capability")]
    [InlineData("""{"action":"call_worker","calls":{}}""", "'calls' is a list")]
    [InlineData("""{"action":"call_worker","calls":["code_edit"]}""", "A call is an object")]
    [InlineData("""{"action":"call_worker","calls":[null]}""", "A call is an object")]
    [InlineData("""{"action":"call_worker","worker_id":"a","version":"1"}""", "'version' is a whole number")]
    [InlineData("""{"action":"call_worker","worker_id":"a","version":1.5}""", "'version' is a whole number")]
    [InlineData("""{"action":"call_worker","worker_id":"a","version":-1}""", "'version' is a whole number")]
    [InlineData("""{"action":"call_worker","worker_id":"a","depends_on":"c1"}""", "'depends_on' is a list of call ids")]
    [InlineData("""{"action":"call_worker","worker_id":"a","depends_on":["one"]}""", "'c3'")]
    [InlineData("""{"action":"call_worker","worker_id":"a","depends_on":[null]}""", "'depends_on' takes a string")]
    [InlineData("""{"action":"call_worker","worker_id":"a","payload_ref":"x"}""", "payload")]
    [InlineData("""{"action":"continue","wake":"never"}""", "'never' is not a wake; use completion, failure or idle")]
    [InlineData("""{"action":"continue","wake":1}""", "'wake' takes a string")]
    [InlineData("""{"action":"replan"}""", "needs 'plan'")]
    [InlineData("""{"action":"replan","plan":null}""", "'plan'")]
    [InlineData("""{"action":"replan","plan":{}}""", "steps")]
    [InlineData("""{"action":"replan","plan":{"steps":null}}""", "steps")]
    [InlineData("""{"action":"replan","plan":{"steps":[null]}}""", "holds a null")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":"a","kind":"k"}]}}""", "description")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":null,"kind":"k","description":"d"}]}}""", "id")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":"a","kind":"k","description":"d","depends_on":[null]}]}}""", "holds a null")]
    [InlineData("""{"action":"replan","plan":{"steps":[{"id":"a","kind":"k","description":"d","input":"text"}]}}""", "payload")]
    [InlineData("""{"action":"finish"}""", "needs 'summary'")]
    [InlineData("""{"action":"finish","summary":7}""", "'summary' takes a string")]
    [InlineData("""{"action":"finish","summary":"s","artifacts":"diff"}""", "'artifacts' is a list")]
    [InlineData("""{"action":"finish","summary":"s","artifacts":[1]}""", "'artifacts' takes a string")]
    [InlineData("""{"action":"finish","summary":"s","status":"cancelled"}""", "'cancelled' is not a status to finish with")]
    [InlineData("""{"action":"finish","summary":"s","abandons":[3]}""", "'abandons' takes a string")]
    public void A_model_that_answers_wrongly_is_told_what_is_wrong(string json, string message)
    {
        var error = Assert.ThrowsAny<JsonException>(() => Read(json, Strict));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payload_that_the_journal_keeps_elsewhere_is_a_reference_under_a_name_of_its_own()
    {
        var decision = new Decision.CallWorker([new WorkerCall("a", Payload.AsBlob("abcd", 9000, isProtected: true))]);

        var json = JsonSerializer.Serialize<Decision>(decision, Tolerant);
        var read = Assert.IsType<Decision.CallWorker>(Read(json, Tolerant));

        Assert.Equal("""{"action":"call_worker","worker_id":"a","payload_ref":{"blob":"abcd","length":9000,"protected":true}}""", json);
        Assert.Equal(decision.Calls[0].Input, read.Calls[0].Input);
        Assert.Equal("""{"blob":"abcd"}""", Assert.IsType<Decision.CallWorker>(Read("""{"action":"call_worker","worker_id":"a","payload":{"blob":"abcd"}}""", Strict)).Calls[0].Input.Inline.GetRawText());
    }

    [Fact]
    public void Decisions_that_mean_the_same_have_the_same_fingerprint()
    {
        var one = Decision.Call("code_edit", EveryEvent.Json("""{"goal":"x"}"""));
        var same = new Decision.CallWorker([WorkerCall.To("code_edit", EveryEvent.Json("""{ "goal" : "x" }"""))]);
        var other = Decision.Call("code_edit", EveryEvent.Json("""{"goal":"y"}"""));

        Assert.Equal(one.Fingerprint(), same.Fingerprint());
        Assert.NotEqual(one.Fingerprint(), other.Fingerprint());
        Assert.Matches("^[0-9a-f]{64}$", one.Fingerprint());
    }

    [Fact]
    public void Every_case_of_a_decision_can_be_written()
    {
        Decision[] decisions = [new Decision.CallWorker([]), new Decision.Continue(), new Decision.Replan(Plan.Empty), new Decision.Finish("")];

        Assert.Equal(typeof(Decision).GetNestedTypes().Count(type => type.IsSubclassOf(typeof(Decision))), decisions.Length);
        Assert.All(decisions, decision => Assert.StartsWith("""{"action":""", JsonSerializer.Serialize(decision, Tolerant), StringComparison.Ordinal));
    }

    private static Decision Read(string json, JsonSerializerOptions options) => JsonSerializer.Deserialize<Decision>(json, options)!;
}
