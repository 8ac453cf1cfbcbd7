using System.Text.Json;

namespace Orchestrator.Tests.Models;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("key sk-ant-api03-abcdefghijklmnopqrst end", "key [redacted] end")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted]")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "[redacted]")]
    [InlineData("Authorization: Bearer abc.def.ghi-jkl", "Authorization: Bearer [redacted]")]
    [InlineData("x-api-key=0123456789abcdef", "x-api-key=[redacted]")]
    public void What_looks_like_a_key_is_taken_out(string text, string expected) => Assert.Equal(expected, Redactor.ShapesOnly.Redact(text));

    [Theory]
    [InlineData("var task-list = risk-free;")]
    [InlineData("the bearer of news")]
    [InlineData("if (authorization == null) return;")]
    [InlineData("")]
    public void Ordinary_text_and_code_are_left_alone(string text) => Assert.Same(text, Redactor.ShapesOnly.Redact(text));

    [Fact]
    public void Registered_values_are_taken_out_wherever_they_stand_in_json()
    {
        using var json = JsonDocument.Parse("""{"a":["x","say open-sesame-1"],"open-sesame-1":{"n":1,"b":true,"z":null}}""");

        var redacted = new Redactor("open-sesame-1").Redact(json.RootElement);

        Assert.Equal("""{"a":["x","say [redacted]"],"[redacted]":{"n":1,"b":true,"z":null}}""", redacted.GetRawText());
    }

    [Fact]
    public void Short_values_are_passed_over_and_the_longest_goes_first()
    {
        var redactor = new Redactor("abc", "password", "password-and-more");

        Assert.Equal("abc [redacted]!", redactor.Redact("abc password-and-more!"));
    }

    [Fact]
    public void Redacting_twice_changes_nothing_more()
    {
        var once = Redactor.ShapesOnly.Redact("Authorization: Bearer abcdefghijkl");

        Assert.Same(once, Redactor.ShapesOnly.Redact(once));
    }
}
