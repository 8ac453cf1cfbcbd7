using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator.Tests.Workers.Context;

public sealed class InputFitterTests
{
    private readonly TreeOfFiles _files = new() { ["src/Store.cs"] = "class Store;\n" };

    [Fact]
    public async Task Whatever_is_given_the_text_fits_or_is_refused_with_the_window()
    {
        var random = new Random(11);
        var refused = 0;
        for (var round = 0; round < 150; round++)
        {
            var input = new CodeEdit.Input(Text(random, 400), RepoPath.Parse("src/Store.cs", null))
            {
                OriginalCode = Text(random, 40_000),
                Constraints = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Text(random, 100))],
                Context = new CodeFile.Context { RelatedFiles = [.. Enumerable.Range(0, random.Next(5)).Select(number => new CodeFile(RepoPath.Parse($"src/größe{number}.cs", null), Text(random, 60_000)))] },
            };
            var budget = new ContextBudget(random.Next(2_000, 40_000), 1_000, 500);
            try
            {
                var fitted = await FitAsync(input, budget, [new("crash.log", Text(random, 90_000))]);

                Assert.InRange(fitted.Tokens, 1, budget.Input);
                Assert.Equal(fitted.Tokens, TokenEstimate.Of(fitted.Text));
            }
            catch (InputBindingException e)
            {
                refused++;
                Assert.Contains($"is {budget.Window} tokens", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, 1, 120);
    }

    [Fact]
    public async Task What_matters_most_stays_when_room_is_short_and_the_rest_is_named()
    {
        var input = new CodeEdit.Input("Mend it", RepoPath.Parse("src/Store.cs", null))
        {
            OriginalCode = Lines("class Store", 60),
            Context = new CodeFile.Context { RelatedFiles = [.. Enumerable.Range(0, 12).Select(number => new CodeFile(RepoPath.Parse($"src/Read{number}.cs", null), Lines($"read {number}", 400)))] },
        };

        var fitted = await FitAsync(input, new ContextBudget(6_000, 1_000, 500), [new("crash.log", Lines("error: it crashed", 900))]);

        Assert.Contains(Lines("class Store", 60), fitted.Text, StringComparison.Ordinal);
        Assert.Contains("Left out for want of room: 'src/Read0.cs' (about ", fitted.Text, StringComparison.Ordinal);
        Assert.Equal(12, fitted.Seen.Count);
        Assert.All(fitted.Seen, seen => Assert.Empty(seen.Lines));
    }

    [Fact]
    public async Task A_read_that_is_long_comes_in_part_with_an_outline()
    {
        var input = new CodeEdit.Input("Mend `Frobnicate`", RepoPath.Parse("src/Store.cs", null))
        {
            OriginalCode = "class Store;\n",
            Context = new CodeFile.Context { RelatedFiles = [new CodeFile(RepoPath.Parse("src/Long.cs", null), Lines("public class Long", 3) + Lines("// filler", 4_000) + "void Frobnicate() { }\n" + Lines("// filler", 4_000))] },
        };

        var fitted = await FitAsync(input, new ContextBudget(20_000, 1_000, 500), []);

        Assert.Contains("void Frobnicate() { }", fitted.Text, StringComparison.Ordinal);
        Assert.Contains("\"total_lines\": 8004", fitted.Text, StringComparison.Ordinal);
        Assert.Contains("1: public class Long 0", fitted.Text, StringComparison.Ordinal);
        Assert.Contains(fitted.Seen[0].Lines, span => span.First <= 4_004 && span.Last >= 4_004);
    }

    [Fact]
    public async Task A_small_input_is_given_as_it_is_and_says_nothing_of_windows()
    {
        var input = new CodeEdit.Input("Mend it", RepoPath.Parse("src/Store.cs", null)) { OriginalCode = "class Store;\n" };

        var fitted = await FitAsync(input, new ContextBudget(128_000, 16_000, 500), []);

        Assert.Equal(InputText.Of(InputText.JsonOf(input, CodeEdit.Contract.InputType), new TaskRequest("Task"), []), fitted.Text);
        Assert.DoesNotContain("in part", fitted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_are_too_long_to_be_given_in_part_are_refused()
    {
        var input = new CodeEdit.Input("Mend it", RepoPath.Parse("src/app.min.js", null)) { OriginalCode = new string('x', 25_000) };

        var failure = await Assert.ThrowsAsync<InputBindingException>(() => FitAsync(input, new ContextBudget(14_000, 1_000, 500), []).AsTask());

        Assert.Contains("'src/app.min.js'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_given_lines_of_a_part_put_together_are_the_lines_of_the_file()
    {
        var text = string.Concat(Enumerable.Range(1, 3_000).Select(line => $"line {line}{(line % 7 == 0 ? "\r" : "")}\n"));
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var places = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1, 4_000)).ToList();
            var part = FilePart.Choose(text, places, random.Next(50, 6_000));

            var lines = FilePart.LinesOf(text);
            Assert.All(part?.Spans ?? [], span => Assert.Equal(string.Join('\n', lines[(span.First - 1)..span.Last]) + "\n", FilePart.TextOf(text, span)));
            Assert.Equal(part?.Spans ?? [], FilePart.Merge((part?.Spans ?? []).Select(span => (span.First, span.Last)), 3_000));
        }

        await Task.CompletedTask;
    }

    private static string Lines(string text, int count) => string.Concat(Enumerable.Range(0, count).Select(number => $"{text} {number}\n"));

    private static string Text(Random random, int most)
    {
        string[] parts = ["class ", "Error: x\n", "\n", "größe ", "日本語", "😀", "{ \"a\": \\1 }\n", "```\n", "at A() in /x/src/Store.cs:line 3\n", "word "];
        var text = new System.Text.StringBuilder();
        for (var length = random.Next(most); text.Length < length;)
        {
            text.Append(parts[random.Next(parts.Length)]);
        }

        return text.ToString();
    }

    private ValueTask<InputFitter.Fitted> FitAsync(CodeEdit.Input input, ContextBudget budget, IReadOnlyList<TaskRequest.Attachment> attachments)
    {
        JsonObject json = InputText.JsonOf(input, CodeEdit.Contract.InputType);
        return new InputFitter("code_edit", "coder", new TaskRequest("Task") { Attachments = attachments }, budget, _files).FitAsync(json, default);
    }
}
