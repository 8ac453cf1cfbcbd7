using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Contracts;

public sealed class ReplyParserTests
{
    private const string Patch = "--- a/a.cs\n+++ b/a.cs\n@@ -1,1 +1,1 @@\n-x\n+y\n";

    [Fact]
    public void A_plain_json_reply_is_read()
    {
        var (reading, _) = Read("""{"status":"success","patch":"--- a/a\n+++ b/a\n"}""");

        Assert.Equal("--- a/a\n+++ b/a\n", reading.Value!.Patch!.Text);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public void A_section_takes_the_place_of_its_reference_byte_for_byte()
    {
        var (reading, _) = Read($"```diff name=patch\n{Patch}```\n" + """{"status":"success","patch":"@section:patch"}""");

        Assert.Equal(Patch, reading.Value!.Patch!.Text);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public void A_section_after_a_fenced_envelope_is_bound_too()
    {
        var (reading, _) = Read("```json\n{\"status\":\"success\",\"patch\":\"@section:p1\"}\n```\n\n~~~~diff name=p1\n" + Patch + "~~~~\n");

        Assert.Equal(Patch, reading.Value!.Patch!.Text);
    }

    [Theory]
    [InlineData("""{"status":"success"}""")]
    [InlineData("""{"status":"success","patch":null}""")]
    [InlineData("""{"status":"success","patch":""}""")]
    public void A_section_fills_the_member_of_its_name_that_has_no_value(string envelope)
    {
        var (reading, _) = Read($"{envelope}\n```diff name=patch\n{Patch}```");

        Assert.Equal(Patch, reading.Value!.Patch!.Text);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public void A_section_without_a_use_is_a_warning()
    {
        var (reading, _) = Read($"{{\"status\":\"success\",\"patch\":\"p\"}}\n```diff name=other\n{Patch}```");

        Assert.Equal("p", reading.Value!.Patch!.Text);
        Assert.Contains("'other'", Assert.Single(reading.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void One_diff_without_a_name_is_taken_for_the_patch_that_is_missing()
    {
        var (reading, _) = Read($"```diff\n{Patch}```\n{{\"status\":\"success\"}}");

        Assert.Equal(Patch, reading.Value!.Patch!.Text);
        Assert.Contains("has no name", Assert.Single(reading.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_files_are_bound_by_their_path()
    {
        var text = "```csharp name=tests/A.cs\nclass A;\n```\n```csharp name=tests/B.cs no-eol\nclass B;\n```\n"
            + """{"status":"success","files":[{"path":"tests/A.cs","code":"@section:tests/A.cs"},{"path":"tests/B.cs"}]}""";

        var (reading, _) = ReplyReader.Read(text, TestWriter.Contract.OutputType);

        Assert.Equal(["class A;\n", "class B;"], reading.Value!.Files.Select(file => file.Code));
    }

    [Fact]
    public void A_reference_to_a_section_that_is_not_there_is_a_violation()
    {
        var (reading, _) = Read("""{"status":"success","patch":"@section:patch"}""");

        Assert.Contains(reading.Violations, violation => violation.Path == "$.patch" && violation.Message.Contains("'patch'", StringComparison.Ordinal));
    }

    [Fact]
    public void Prose_around_the_envelope_is_set_aside_with_a_warning()
    {
        var (reading, _) = Read("Sure! Here it is:\n\n{\"status\":\"failed\"}\n\nHope that helps { really }.");

        Assert.Equal(WorkerClaim.Failed, reading.Value!.Status);
        Assert.Contains("set aside", Assert.Single(reading.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Reasoning_in_its_own_tag_is_not_read()
    {
        var (reading, _) = Read("<think>\nMaybe {\"status\":\"failed\"}?\n</think>\n{\"status\":\"partial\"}");

        Assert.Equal(WorkerClaim.Partial, reading.Value!.Status);
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData("I fixed the bug by checking for null.", "there is no JSON object")]
    [InlineData("", "the reply is empty")]
    [InlineData("  \n ", "the reply is empty")]
    [InlineData("[1,2]", "there is no JSON object")]
    [InlineData("{\"status\":\"success\",\"notes\":\"half a", "breaks off at line 1, column")]
    [InlineData("x\n```json\n{\"status\":\n```", "breaks off at line 4")]
    [InlineData("{\"status\": success}", "not well-formed at line 1, column 12")]
    [InlineData("{\"status\":\"failed\"}\n{\"status\":\"success\"}", "several JSON objects, at lines 1, 2")]
    [InlineData("{\"status\":\"failed\"}\n```diff name=patch\n--- a", "never closed")]
    [InlineData("{\"status\":\"failed\"}\n```t name=a\n```\n```t name=a\n```", "twice")]
    public void What_cannot_be_read_is_named_with_its_place(string text, string expected)
    {
        var (reading, _) = Read(text);

        Assert.Null(reading.Value);
        Assert.Contains(reading.Violations, violation => violation.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"status":"success","notes":["a","b",],}""")]
    [InlineData("{\n  \"status\": \"success\", // what I did\n  \"notes\": [\"a\", /* and */ \"b\"]\n}")]
    public void Commas_too_many_and_comments_cost_no_second_request(string text)
    {
        var reply = ReplyParser.Parse(text);

        Assert.Empty(reply.Violations);
        Assert.Equal("""{"status":"success","notes":["a","b"]}""", reply.Envelope.GetRawText());
        Assert.Contains(reply.Warnings, warning => warning.Contains("commas too many or comments", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_object_twice_is_no_contradiction()
    {
        var (reading, _) = Read("{\"status\":\"failed\"}\n```json\n{ \"status\": \"failed\" }\n```");

        Assert.NotNull(reading.Value);
    }

    [Fact]
    public void Carriage_returns_belong_to_the_text()
    {
        var (reading, _) = Read("```diff name=patch\r\n--- a/a\r\n+++ b/a\r\n```\r\n{\"status\":\"success\",\"patch\":\"@section:patch\"}\r\n");

        Assert.Equal("--- a/a\r\n+++ b/a\r\n", reading.Value!.Patch!.Text);
    }

    [Fact]
    public void A_longer_fence_holds_shorter_ones()
    {
        var (reading, _) = Read("````diff name=patch\n+```csharp\n```\n````\n{\"status\":\"success\"}");

        Assert.Equal("+```csharp\n```\n", reading.Value!.Patch!.Text);
    }

    [Fact]
    public void Any_text_survives_being_written_and_read()
    {
        var piece = Gen.Elements("`", "``", "```", "````", "~~~", "\n", "\r\n", "\r", "a", " ", "   ```", "\t", "{\"a\":1}", "@section:x", "ä", "🙂", "\"", "\\");
        Prop.ForAll(piece.ListOf().Select(string.Concat).ToArbitrary(), code =>
        {
            var text = new StringBuilder("{\"status\":\"success\",\"patch\":\"@section:the patch\"}\n");
            FencedSection.Render(text, "the patch", "diff", code);
            var parsed = ReplyParser.Parse(text.ToString());
            return parsed.Violations.Count == 0 && parsed.Sections is [{ Name: "the patch" } section] && section.Text == code;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void Noise_never_throws()
    {
        var piece = Gen.Elements("`", "```", "```json\n", "```diff name=patch\n", "~~~\n", "\n", "{", "}", "\"", "\"status\"", ":", "\"success\"", ",", "[", "]", "@section:patch", "\ud800", "\0", "\\", "<think>", "</think>", "{\"");
        Prop.ForAll(piece.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var (reading, _) = Read(text);
            return reading.Value is null == reading.Violations.Count > 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
        Prop.ForAll<string>(text => Read(text ?? "").Reading is not null).Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData("{\"")]
    [InlineData("{\"a\":")]
    [InlineData("{ \n")]
    [InlineData("```\n")]
    [InlineData("````json\n{\n")]
    [InlineData("{\"a\":1}\n")]
    [InlineData("`")]
    [InlineData("x")]
    [InlineData("[[[[")]
    public void Five_megabytes_of_anything_are_read_in_a_moment(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 5_000_000 / piece.Length));
        var watch = Stopwatch.StartNew();

        Read(text);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void Half_a_character_beside_a_comma_too_many_is_a_broken_reply_and_no_exception()
    {
        var (reading, _) = Read("{\"status\":\"success\",\"patch\":\"\\ud800\",}");

        Assert.Null(reading.Value);
        Assert.NotEmpty(reading.Violations);
    }

    [Fact]
    public void More_than_five_megabytes_are_refused()
    {
        var (reading, _) = Read(new string('x', ContractReader.MaxBytes + 1));

        Assert.Contains("at most", Assert.Single(reading.Violations).Message, StringComparison.Ordinal);
    }

    private static (ContractReading<CodeEdit.Output> Reading, JsonElement Bound) Read(string text) => ReplyReader.Read(text, CodeEdit.Contract.OutputType);
}
