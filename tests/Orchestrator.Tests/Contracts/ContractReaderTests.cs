using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Contracts;

public sealed class ContractReaderTests
{
    [Fact]
    public void All_violations_are_found_at_once_with_their_paths()
    {
        var reading = Read("""
            {
              "status": "done",
              "verdict": "approved",
              "comments": [{ "text": "a", "path": "../b" }, { "line": 3 }, null, { "text": 7, "line": "x" }],
              "warnings": "none"
            }
            """, Reviewer.Contract.OutputType);

        Assert.Null(reading.Value);
        Assert.Equal(
            [
                "$.status: is \"done\"; use one of success, failed, partial",
                "$.comments[0].path: '../b' is not a path inside the repository (relative, '/', no '..').",
                "$.comments[1].text: is missing",
                "$.comments[2]: is null",
                "$.comments[3].text: takes a string, not a number",
                "$.comments[3].line: is \"x\", which is not a whole number",
                "$.warnings: takes a list, not a string",
            ],
            reading.Violations.Select(violation => violation.ToString()));
    }

    [Fact]
    public void Missing_and_null_required_members_are_violations()
    {
        var reading = Read("""{"status":null}""", Reviewer.Contract.OutputType);

        Assert.Equal(["$.status: is null, but must have a value", "$.verdict: is missing"], reading.Violations.Select(violation => violation.ToString()));
    }

    [Fact]
    public void Null_leaves_an_optional_member_out_and_unknown_members_are_dropped_with_a_warning()
    {
        var reading = Read("""{"status":"failed","patch":null,"notes":null,"warnings":null,"confidence":0.9}""", CodeEdit.Contract.OutputType);

        Assert.NotNull(reading.Value);
        Assert.Empty(reading.Value.Warnings);
        Assert.Equal("", reading.Value.Notes);
        Assert.Equal(["$.confidence is not part of the contract and was dropped"], reading.Warnings);
        Assert.Equal("""{"status":"failed"}""", reading.Json.GetRawText());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"success, failed\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public void Only_the_words_of_an_enum_are_taken(string status)
    {
        var reading = Read($$"""{"status":{{status}}}""", DocWriter.Contract.OutputType);

        Assert.Contains("use one of success, failed, partial", Assert.Single(reading.Violations).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_case_of_an_enum_is_set_right() =>
        Assert.Equal("""{"status":"success"}""", Read("""{"status":"Success"}""", DocWriter.Contract.OutputType).Json.GetRawText());

    [Fact]
    public void A_member_given_twice_is_warned_about_and_the_last_counts()
    {
        var reading = Read("""{"status":"failed","status":"partial"}""", DocWriter.Contract.OutputType);

        Assert.Equal(WorkerClaim.Partial, reading.Value!.Status);
        Assert.Single(reading.Warnings);
    }

    [Fact]
    public void Rules_of_the_contract_are_violations_like_any_other()
    {
        var reading = Read("""{"status":"success","steps":[{"id":"a","kind":"k","description":"d","depends_on":["b"]},{"id":"a","kind":"k","description":"d"}]}""", Planner.Contract.OutputType);

        Assert.Equal(
            ["$.steps[1].id: 'a' names another step already", "$.steps[0].depends_on: 'b' is not a step of this plan"],
            reading.Violations.Select(violation => violation.ToString()));
    }

    [Fact]
    public void Success_without_a_patch_is_a_violation_and_failure_without_one_is_not()
    {
        Assert.Equal("$.patch", Assert.Single(Read("""{"status":"success","patch":"  "}""", CodeEdit.Contract.OutputType).Violations).Path);
        Assert.Empty(Read("""{"status":"failed"}""", CodeEdit.Contract.OutputType).Violations);
    }

    [Fact]
    public void More_violations_than_anybody_reads_are_not_listed()
    {
        var items = string.Join(',', Enumerable.Repeat("{}", 1_000));

        var reading = Read($$"""{"status":"success","verdict":"approved","comments":[{{items}}]}""", Reviewer.Contract.OutputType);

        Assert.Equal(ContractReader.MaxViolations + 1, reading.Violations.Count);
    }

    [Fact]
    public void Five_megabytes_and_a_million_elements_are_refused()
    {
        var large = Read($$"""{"status":"failed","notes":"{{new string('x', ContractReader.MaxBytes)}}"}""", DocWriter.Contract.OutputType);
        var many = Read($$"""{"status":"failed","warnings":[{{string.Join(',', Enumerable.Repeat("\"\"", 300_000))}}]}""", DocWriter.Contract.OutputType);

        Assert.Contains("bytes long", Assert.Single(large.Violations).Message, StringComparison.Ordinal);
        Assert.Contains("elements", Assert.Single(many.Violations).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_violation_not_an_exception()
    {
        Assert.NotEmpty(Read("""{"status":"failed","\ud800":1}""", DocWriter.Contract.OutputType).Violations);
        Assert.NotEmpty(Read("""{"status":"failed","notes":"\ud800"}""", DocWriter.Contract.OutputType).Violations);
    }

    [Fact]
    public void Nothing_at_all_is_a_violation() => Assert.NotEmpty(ContractReader.Read(default, DocWriter.Contract.OutputType).Violations);

    [Fact]
    public void Noise_never_throws()
    {
        var leaf = Gen.Elements("null", "true", "1", "-1e400", "\"\"", "\"success\"", "\"\\ud800\"", "\"a/b\"", "[]", "{}");
        var name = Gen.Elements("status", "patch", "files", "path", "code", "notes", "warnings", "\\u0000", "x");
        var json = Gen.Sized(size => Json(Math.Min(size, 6)));
        Prop.ForAll(json.ToArbitrary(), text =>
        {
            using var document = JsonDocument.Parse(text);
            ReadAny(document.RootElement, TestWriter.Contract.OutputType);

            return ReadAny(document.RootElement, Planner.Contract.OutputType) && ReadAny(document.RootElement, CodeEdit.Contract.InputType);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

        Gen<string> Json(int size) => size == 0
            ? leaf
            : Gen.OneOf(
                leaf,
                Json(size / 2).ListOf().Select(items => "[" + string.Join(',', items) + "]"),
                Gen.Zip(name, Json(size / 2)).ListOf().Select(members => "{" + string.Join(',', members.Select(each => $"\"{each.Item1}\":{each.Item2}")) + "}"));
    }

    private static bool ReadAny<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class
    {
        var reading = ContractReader.Read(json, type);
        return reading.Value is null == reading.Violations.Count > 0;
    }

    private static ContractReading<T> Read<T>(string json, JsonTypeInfo<T> type)
        where T : class
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        return ContractReader.Read(document.RootElement, type);
    }
}
