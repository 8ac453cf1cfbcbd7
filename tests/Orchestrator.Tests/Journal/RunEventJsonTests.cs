using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Tests;

public sealed class RunEventJsonTests
{
    private static readonly string GoldenFile = Path.Combine(Root.Path, "tests", "Orchestrator.Tests", "GoldenRuns", "events-v1.jsonl");

    public static TheoryData<string> EveryKind => [.. EveryEvent.Samples.Select(RunEventJson.KindOf)];

    [Fact]
    public void Every_case_of_the_union_has_a_sample() =>
        Assert.Empty(EveryEvent.Cases.Except(EveryEvent.Samples.Select(sample => sample.GetType())));

    [Fact]
    public void Every_case_but_the_unknown_one_has_a_name_of_its_own() =>
        Assert.Equal(EveryEvent.Cases.Except([typeof(RunEvent.Unknown)]).OrderBy(type => type.Name), RunEventKinds.ByType.Keys.OrderBy(type => type.Name));

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void An_event_survives_being_written_and_read(string kind)
    {
        var sample = Sample(kind);

        var read = RunEventJson.Read(kind, Write(sample));

        Assert.IsType(sample.GetType(), read);
        Assert.Equal(kind, RunEventJson.KindOf(read));
        Assert.Equal(Write(sample), Write(read));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void An_event_from_the_golden_file_is_read_and_written_to_the_same_bytes(string kind)
    {
        UpdateGoldenFileIfAsked();
        var line = Assert.Single(File.ReadLines(GoldenFile), line => line.StartsWith($$"""{"kind":"{{kind}}",""", StringComparison.Ordinal));
        var data = line[(line.IndexOf("\"data\":", StringComparison.Ordinal) + 7)..^1];

        var read = RunEventJson.Read(kind, Encoding.UTF8.GetBytes(data));

        Assert.Equal(data, Encoding.UTF8.GetString(Write(read)));
        Assert.Equal(data, Encoding.UTF8.GetString(Write(Sample(kind))));
    }

    [Fact]
    public void The_golden_file_has_one_line_per_kind() =>
        Assert.Equal(EveryEvent.Samples.Count, File.ReadLines(GoldenFile).Count());

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Members_that_this_version_does_not_know_are_passed_over(string kind)
    {
        var json = JsonNode.Parse(Write(Sample(kind)))!.AsObject();
        json.Insert(0, "from_the_future", new JsonObject { ["deep"] = new JsonArray(1, 2) });

        var read = RunEventJson.Read(kind, Encoding.UTF8.GetBytes(json.ToJsonString()));

        if (read is not RunEvent.Unknown)
        {
            Assert.Equal(Write(Sample(kind)), Write(read));
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Lists_and_texts_that_are_missing_or_null_never_read_as_null(string kind)
    {
        var whole = JsonNode.Parse(Write(Sample(kind)))!.AsObject();

        foreach (var json in WithoutEachMember(whole))
        {
            RunEvent read;
            try
            {
                read = RunEventJson.Read(kind, Encoding.UTF8.GetBytes(json.ToJsonString()));
            }
            catch (JournalCorruptException)
            {
                // A member that says which case of a union it is cannot be left out.
                continue;
            }

            Nullness.AssertNoNullCollections(read);
        }
    }

    [Theory]
    [InlineData("call.ended/2")]
    [InlineData("call.invented/1")]
    [InlineData("acme/x/7")]
    public void A_kind_or_version_from_a_newer_package_is_kept_as_it_is(string kind)
    {
        var json = """{ "call":"c1", "é":  1.50 }""";

        var read = RunEventJson.Read(kind, Encoding.UTF8.GetBytes(json));

        Assert.IsType<RunEvent.Unknown>(read);
        Assert.Equal(kind, RunEventJson.KindOf(read));
        Assert.Equal(json, Encoding.UTF8.GetString(Write(read)));
    }

    [Theory]
    [InlineData("call.ended", "{}")]
    [InlineData("call.ended/x", "{}")]
    [InlineData("call.ended/0", "{}")]
    [InlineData("/1", "{}")]
    [InlineData("", "{}")]
    [InlineData("call.ended/1", "")]
    [InlineData("call.ended/1", "null")]
    [InlineData("call.ended/1", "[]")]
    [InlineData("call.ended/1", "{\"call\":\"call one\"}")]
    [InlineData("call.ended/1", "{\"call\":1}")]
    [InlineData("call.ended/1", "{\"call\":\"c1\",\"result\":{\"output\":\"text\"}}")]
    [InlineData("call.ended/1", "{\"call\":\"c1\",\"result\":{\"output\":{\"blob\":7}}}")]
    [InlineData("decision.made/1", "{\"based_on\":1,\"decision\":{\"action\":\"dance\"}}")]
    [InlineData("call.invented/1", "{")]
    public void What_no_version_writes_is_reported_with_its_kind(string kind, string json)
    {
        var error = Assert.Throws<JournalCorruptException>(() => RunEventJson.Read(kind, Encoding.UTF8.GetBytes(json)));

        Assert.Contains($"'{kind}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_shape_is_brought_up_to_date_step_by_step()
    {
        var current = RunEventKinds.ByType[typeof(RunEvent.Claimed)] with
        {
            Version = 3,
            UpCasters =
            [
                json => Renamed(json, "host", "holder"),
                json => Renamed(json, "holder", "owner"),
            ],
        };
        var kinds = new Dictionary<string, RunEventKind> { ["run.claimed"] = current };

        var first = RunEventJson.ReadOther("run.claimed/1", """{"host":"a","epoch":4}"""u8, kinds);
        var second = RunEventJson.ReadOther("run.claimed/2", """{"holder":"a","epoch":4}"""u8, kinds);
        var newer = RunEventJson.ReadOther("run.claimed/4", """{"proprietor":"a","epoch":4}"""u8, kinds);

        Assert.Equal(new RunEvent.Claimed("a", 4), first);
        Assert.Equal(new RunEvent.Claimed("a", 4), second);
        Assert.IsType<RunEvent.Unknown>(newer);

        static JsonObject Renamed(JsonObject json, string from, string to)
        {
            var value = json[from]?.DeepClone();
            json.Remove(from);
            json[to] = value;
            return json;
        }
    }

    [Fact]
    public void No_name_of_a_CLR_type_is_written()
    {
        var all = string.Concat(EveryEvent.Samples.Select(sample => RunEventJson.KindOf(sample) + Encoding.UTF8.GetString(Write(sample))));

        Assert.DoesNotContain("RunEvent", all, StringComparison.Ordinal);
        Assert.DoesNotContain("Orchestrator.", all, StringComparison.Ordinal);
        Assert.DoesNotContain("$type", all, StringComparison.Ordinal);
        Assert.DoesNotContain(":null", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_packages_fact_may_carry_any_name_and_stays_its_own()
    {
        var noted = new RunEvent.Noted("call.ended", 1, EveryEvent.Json("[1]"));

        var read = RunEventJson.Read(RunEventJson.KindOf(noted), Write(noted));

        var same = Assert.IsType<RunEvent.Noted>(read);
        Assert.Equal(("call.ended", 1, "[1]"), (same.Kind, same.Version, same.Data.GetRawText()));
    }

    [Fact]
    public void A_fact_without_data_is_written_as_null()
    {
        var noted = new RunEvent.Noted("acme.seen", 1, default);

        var read = Assert.IsType<RunEvent.Noted>(RunEventJson.Read("noted/1", Write(noted)));

        Assert.True(read.Data.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined);
    }

    [Fact]
    public void Commands_survive_being_written_and_read()
    {
        IRunJournal.Command[] commands =
        [
            new IRunJournal.Command.Cancel("enough"),
            new IRunJournal.Command.Answer(new CallId(3), "yes", "user"),
            new IRunJournal.Command.RaiseBudget(new Budget { Cost = 2m }),
        ];

        Assert.Equal(typeof(IRunJournal.Command).GetNestedTypes().Count(type => type.IsSubclassOf(typeof(IRunJournal.Command))), commands.Length);
        Assert.All(commands, command =>
        {
            var buffer = new ArrayBufferWriter<byte>();
            RunEventJson.Write(command, buffer);
            Assert.Equal(command, RunEventJson.ReadCommand(buffer.WrittenSpan));
        });
    }

    [Fact]
    public void A_command_from_a_newer_version_is_reported_with_what_to_do()
    {
        var error = Assert.Throws<JournalCorruptException>(() => RunEventJson.ReadCommand("""{"command":"split"}"""u8));

        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_does_not_hold_on_to_the_output_and_recovers_from_an_output_that_fails()
    {
        Assert.Throws<IOException>(() => RunEventJson.Write(new RunEvent.Paused("x"), new FailingOutput()));

        Assert.Equal("""{"reason":"x"}"""u8.ToArray(), Write(new RunEvent.Paused("x")));
    }

    internal static byte[] Write(RunEvent recorded)
    {
        var buffer = new ArrayBufferWriter<byte>();
        RunEventJson.Write(recorded, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static RunEvent Sample(string kind) => EveryEvent.Samples.Single(sample => RunEventJson.KindOf(sample) == kind);

    private static IEnumerable<JsonNode> WithoutEachMember(JsonObject whole)
    {
        yield return new JsonObject();
        foreach (var path in Paths(whole, []))
        {
            foreach (var isRemoved in new[] { true, false })
            {
                var copy = whole.DeepClone();
                var parent = path[..^1].Aggregate(copy, (node, name) => node is JsonArray array ? array[int.Parse(name, null)]! : node[name]!);
                if (isRemoved)
                {
                    parent.AsObject().Remove(path[^1]);
                }
                else
                {
                    parent[path[^1]] = null;
                }

                yield return copy;
            }
        }
    }

    private static IEnumerable<string[]> Paths(JsonNode? node, string[] above) => node switch
    {
        JsonObject json => json.SelectMany(member => Paths(member.Value, [.. above, member.Key]).Prepend([.. above, member.Key])),
        JsonArray list => list.SelectMany((item, index) => Paths(item, [.. above, index.ToString(provider: null)])),
        _ => [],
    };

    private static void UpdateGoldenFileIfAsked()
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllLines(GoldenFile, EveryEvent.Samples.Select(sample => $$"""{"kind":"{{RunEventJson.KindOf(sample)}}","data":{{Encoding.UTF8.GetString(Write(sample))}}}"""));
        }
    }

    private sealed class FailingOutput : IBufferWriter<byte>
    {
        public void Advance(int count) => throw new IOException("The disk is full.");

        public Memory<byte> GetMemory(int sizeHint = 0) => new byte[Math.Max(sizeHint, 1024)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
