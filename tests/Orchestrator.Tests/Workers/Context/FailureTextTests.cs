using System.Globalization;
using System.Text;

namespace Orchestrator.Tests.Workers.Context;

public sealed class FailureTextTests
{
    private const string DotNet = """
          Determining projects to restore...
          Restored /tmp/x/src/Drafts/Drafts.csproj (in 412 ms).
          Drafts -> /tmp/x/src/Drafts/bin/Debug/net10.0/Drafts.dll
        Test run for /tmp/x/tests/Drafts.Tests.dll (.NETCoreApp,Version=v10.0)
        A total of 1 test files matched the specified pattern.
          Passed Drafts.Tests.StoreTests.Opens [2 ms]
          Failed Drafts.Tests.StoreTests.Saves_without_a_title [12 ms]
          Error Message:
           System.NullReferenceException : Object reference not set to an instance of an object.
          Stack Trace:
             at System.String.Trim()
             at System.Runtime.CompilerServices.AsyncTaskMethodBuilder.Start()
             at Drafts.Store.Save(Draft draft) in /tmp/x/src/Drafts/Store.cs:line 42
             at Drafts.Tests.StoreTests.Saves_without_a_title() in /tmp/x/tests/StoreTests.cs:line 9
          Passed Drafts.Tests.StoreTests.Closes [1 ms]
        Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3
        """;

    private const string Pytest = """
        ============================= test session starts ==============================
        collected 3 items

        tests/test_a.py::test_one PASSED                                         [ 33%]
        tests/test_a.py::test_two FAILED                                         [ 66%]
        _________________________________ test_two _________________________________
            def test_two():
        >       assert save(None) == ""
        E       AttributeError: 'NoneType' object has no attribute 'strip'
          File "/usr/lib/python3.12/unittest/case.py", line 58, in testPartExecutor
          File "/x/drafts.py", line 12, in save
        =========================== short test summary info ============================
        FAILED tests/test_a.py::test_two - AttributeError: 'NoneType'
        """;

    private const string Build = """
          Determining projects to restore...
          All projects are up-to-date for restore.
        /tmp/x/src/Store.cs(7,13): warning CS0168: The variable 'e' is declared but never used [/tmp/x/src/Drafts.csproj]
        /tmp/x/src/Store.cs(12,5): error CS0103: The name 'titel' does not exist in the current context [/tmp/x/src/Drafts.csproj]
            1 Warning(s)
            1 Error(s)
        """;

    [Fact]
    public void Failures_messages_and_frames_of_the_repository_stay_and_noise_goes()
    {
        var cut = FailureText.Cut(DotNet, 5_000);

        foreach (var kept in (string[])["Saves_without_a_title", "NullReferenceException", "Store.cs:line 42", "StoreTests.cs:line 9", "Failed:     1"])
        {
            Assert.Contains(kept, cut, StringComparison.Ordinal);
        }

        foreach (var dropped in (string[])["Restored", "Determining", "Drafts.dll", "Passed Drafts", "String.Trim()", "AsyncTaskMethodBuilder"])
        {
            Assert.DoesNotContain(dropped, cut, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_python_run_keeps_its_assertion_and_its_own_frames()
    {
        var cut = FailureText.Cut(Pytest, 5_000);

        Assert.Contains("assert save(None)", cut, StringComparison.Ordinal);
        Assert.Contains("E       AttributeError", cut, StringComparison.Ordinal);
        Assert.Contains("/x/drafts.py\", line 12", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("test_one PASSED", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("/usr/lib/python3.12", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_fails_keeps_the_lines_of_the_compiler()
    {
        var cut = FailureText.Cut(Build + new string('\n', 700), 5_000);

        Assert.Contains("error CS0103", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("warning CS0168", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("up-to-date", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Which_frames_are_the_repositorys_own_is_asked_where_somebody_knows()
    {
        var text = "Error: boom\n    at run (/srv/app/lib/run.js:3:1)\n    at main (/srv/app/src/main.js:9:2)\n" + new string(' ', 700);

        var cut = FailureText.Cut(text, 5_000, file => file.EndsWith("main.js", StringComparison.Ordinal));

        Assert.Contains("main.js:9", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("run.js", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recursion_is_told_once()
    {
        var text = "Unhandled exception. System.InsufficientExecutionStackException: too deep\n"
            + string.Concat(Enumerable.Repeat("   at Drafts.Tree.Walk(Node node) in /x/src/Tree.cs:line 5\n", 4_000)) + "   at Drafts.Program.Main() in /x/src/Program.cs:line 1\n";

        var cut = FailureText.Cut(text, 20_000);

        Assert.True(cut.Length < 500, cut);
        Assert.Contains("Tree.cs:line 5", cut, StringComparison.Ordinal);
        Assert.Contains("Program.cs:line 1", cut, StringComparison.Ordinal);
        Assert.Contains("3998 lines left out", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_of_log_keeps_its_one_crash()
    {
        var log = new StringBuilder();
        for (var line = 0; line < 14_000; line++)
        {
            log.Append(CultureInfo.InvariantCulture, $"2026-11-22T10:00:00Z info: request {line} served in 3 ms, all is well with the cache and the pool\n");
            if (line == 7_000)
            {
                log.Append("2026-11-22T10:00:01Z Unhandled exception: System.NullReferenceException: draft\n   at Drafts.Store.Save(Draft draft) in /srv/src/Store.cs:line 42\n");
            }
        }

        var cut = FailureText.Cut(log.ToString(), 4_000);

        Assert.True(cut.Length <= 4_000);
        Assert.Contains("System.NullReferenceException: draft", cut, StringComparison.Ordinal);
        Assert.Contains("Store.cs:line 42", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_without_any_failure_keeps_beginning_and_end_and_says_how_much_is_missing()
    {
        var cut = FailureText.Cut("first\n" + new string('x', 5_000) + "\nlast", 300);

        Assert.StartsWith("first\n", cut, StringComparison.Ordinal);
        Assert.EndsWith("last\n", cut, StringComparison.Ordinal);
        Assert.Contains("left out", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_text_and_the_limit_it_is_never_longer_and_never_half_a_character()
    {
        var random = new Random(7);
        string[] parts = ["😀", "é", "error CS1: x\n", "\n", "   at A.B() in /x/A.cs:line 3\n", "ok 3\n", "日本", "\r\n", "Passed x\n", string.Concat(Enumerable.Repeat("😀", 500)), "[", "\t"];
        for (var round = 0; round < 400; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => parts[random.Next(parts.Length)]));
            foreach (var most in (int[])[0, 1, 7, 40, 41, 200, 999])
            {
                var cut = FailureText.Cut(text, most);

                Assert.True(cut.Length <= Math.Max(most, 0), $"{cut.Length} of {most}");
                Assert.Equal(cut, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)));
            }
        }
    }

    [Theory]
    [InlineData("   at A.B() in /x/src/A.cs:line 12", "/x/src/A.cs", 12)]
    [InlineData("  File \"/x/drafts.py\", line 7, in save", "/x/drafts.py", 7)]
    [InlineData("    at save (/x/src/save.ts:3:14)", "/x/src/save.ts", 3)]
    [InlineData("\t/x/save.go:31 +0x1d", "/x/save.go", 31)]
    [InlineData("src/A.cs(12,5): error CS0103: no", "src/A.cs", 12)]
    [InlineData("src/ärger/Größe.cs:9: oh", "src/ärger/Größe.cs", 9)]
    [InlineData("thread 'main' panicked at src/main.rs:2:5:", "src/main.rs", 2)]
    public void Places_are_found_in_what_tools_write(string line, string file, int number) => Assert.Equal(new CodePlaces.Place(file, number), CodePlaces.InLine(line));

    [Theory]
    [InlineData("at 12.30 all was well")]
    [InlineData("Version 1.2.3")]
    [InlineData("")]
    public void Other_numbers_are_no_places(string line) => Assert.Null(CodePlaces.InLine(line));

    [Fact]
    public void Lines_of_dots_are_looked_at_once_and_not_from_every_letter()
    {
        var dots = string.Concat(Enumerable.Repeat("a.", 1_000)) + "1\n";

        var places = CodePlaces.Find(string.Concat(Enumerable.Repeat(dots, 5_000)) + "   at Drafts.Save() in /src/Drafts.cs:line 12\n");

        Assert.Equal([new CodePlaces.Place("/src/Drafts.cs", 12)], places);
    }

    [Fact]
    public void A_token_is_rather_counted_too_often_than_not()
    {
        Assert.Equal(0, TokenEstimate.Of(""));
        Assert.InRange(TokenEstimate.Of("the quick brown fox jumps over the lazy dog"), 9, 20);
        Assert.True(TokenEstimate.Of("1234567890") >= 10);
        Assert.True(TokenEstimate.Of("日本語日本語") >= 6);
        Assert.True(TokenEstimate.Of("😀😀😀") >= 6);
    }
}
