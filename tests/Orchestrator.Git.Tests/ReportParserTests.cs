using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Orchestrator.Git.Tests;

public sealed class ReportParserTests
{
    private const string Trx = """
        <?xml version="1.0" encoding="utf-8"?>
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>
            <UnitTestResult testId="1" testName="App.DraftsTests.Saves" outcome="Passed" />
            <UnitTestResult testId="2" testName="App.DraftsTests.Loads(name: &quot;a&quot;, n: 1)" outcome="Failed">
              <Output><StdOut>noise</StdOut><ErrorInfo><Message>Expected: 1
        Actual: 2</Message><StackTrace>   at App.DraftsTests.Loads() in /x/DraftsTests.cs:line 9
           at System.Reflection</StackTrace></ErrorInfo></Output>
            </UnitTestResult>
            <UnitTestResult testId="2" testName="App.DraftsTests.Loads(name: &quot;b&quot;, n: 2)" outcome="Passed" />
            <UnitTestResult testId="3" testName="Rows" outcome="Failed">
              <InnerResults>
                <UnitTestResult testId="3" testName="Rows (1)" outcome="Passed" />
                <UnitTestResult testId="3" testName="Rows (2)" outcome="Timeout"><Output><ErrorInfo><Message>late</Message></ErrorInfo></Output></UnitTestResult>
              </InnerResults>
            </UnitTestResult>
            <UnitTestResult testId="4" testName="a draft can be kept" outcome="NotExecuted" />
            <UnitTestResult testId="9" testName="Undefined" outcome="Error" />
          </Results>
          <TestDefinitions>
            <UnitTest id="1"><TestMethod className="App.DraftsTests" name="Saves" /></UnitTest>
            <UnitTest id="2"><TestMethod className="App.DraftsTests" name="Loads" /></UnitTest>
            <UnitTest id="3"><TestMethod className="App.RowTests, App, Version=1.0.0.0" name="Rows" /></UnitTest>
            <UnitTest id="4"><TestMethod className="App.NamedTests" name="Keeps" /></UnitTest>
          </TestDefinitions>
        </TestRun>
        """;

    private const string JUnit = """
        <testsuites>
          <testsuite name="outer"><testsuite name="inner">
            <testcase name="plain" classname="pkg.DraftsTest" />
            <testcase name="broke" classname="pkg.DraftsTest"><failure message="no">at line 1</failure><system-out>text</system-out></testcase>
            <testcase name="raised" classname="pkg.DraftsTest"><error type="E"><![CDATA[trace]]></error></testcase>
            <testcase name="later" classname="pkg.DraftsTest"><skipped message="why"/></testcase>
            <testcase name="pkg.DraftsTest whole name" classname="pkg.DraftsTest" />
            <testcase name="without class" />
            <testcase name="flaky" classname="pkg.DraftsTest"><flakyFailure message="once"/></testcase>
          </testsuite></testsuite>
        </testsuites>
        """;

    [Fact]
    public void Trx_gives_full_names_rows_of_their_own_and_why_a_test_failed()
    {
        var report = TrxReport.Read(Bytes(Trx));

        Assert.Null(report.Problem);
        Assert.Equal(
            [
                ("App.DraftsTests.Saves", TestReport.CaseResult.Passed), ("App.DraftsTests.Loads(name: \"a\", n: 1)", TestReport.CaseResult.Failed), ("App.DraftsTests.Loads(name: \"b\", n: 2)", TestReport.CaseResult.Passed),
                ("App.RowTests.Rows (1)", TestReport.CaseResult.Passed), ("App.RowTests.Rows (2)", TestReport.CaseResult.Failed), ("App.NamedTests.Keeps(a draft can be kept)", TestReport.CaseResult.Skipped),
                ("Undefined", TestReport.CaseResult.Failed),
            ],
            report.Cases.Select(test => (test.Id, test.Outcome)));
        Assert.Equal("Expected: 1\nActual: 2\n   at App.DraftsTests.Loads() in /x/DraftsTests.cs:line 9\n   at System.Reflection", report.Cases[1].Message);
        Assert.Equal("late", report.Cases[4].Message);
    }

    [Fact]
    public void JUnit_gives_full_names_nested_suites_and_tells_skipped_from_failed()
    {
        var report = JUnitReport.Read(Bytes(JUnit));

        Assert.Null(report.Problem);
        Assert.Equal(
            [
                ("pkg.DraftsTest.plain", TestReport.CaseResult.Passed, ""), ("pkg.DraftsTest.broke", TestReport.CaseResult.Failed, "no\nat line 1"), ("pkg.DraftsTest.raised", TestReport.CaseResult.Failed, "trace"),
                ("pkg.DraftsTest.later", TestReport.CaseResult.Skipped, ""), ("pkg.DraftsTest whole name", TestReport.CaseResult.Passed, ""), ("inner.without class", TestReport.CaseResult.Passed, ""),
                ("pkg.DraftsTest.flaky", TestReport.CaseResult.Passed, ""),
            ],
            report.Cases.Select(test => (test.Id, test.Outcome, test.Message)));
    }

    [Fact]
    public void A_report_cut_off_anywhere_says_that_it_is_broken_and_keeps_what_came_before()
    {
        foreach (var (text, read) in ((string, Func<Stream, Report>)[])[(Trx, TrxReport.Read), (JUnit, JUnitReport.Read)])
        {
            var whole = read(Bytes(text)).Cases.Count;
            for (var length = 0; length < text.TrimEnd().Length; length++)
            {
                var report = read(Bytes(text[..length]));

                Assert.NotNull(report.Problem);
                Assert.True(report.Cases.Count <= whole);
            }
        }
    }

    [Fact]
    public void No_noise_makes_a_parser_throw()
    {
        var pieces = Gen.OneOf(
            Gen.Elements(Trx, JUnit).Select(Bytes).Select(stream => stream.ToArray()),
            Gen.Elements("<testcase name='x'>", "</testcase>", "<failure>", "<UnitTestResult testId='1' testName='a' outcome='Failed'>", "</UnitTestResult>", "<Message>", "<![CDATA[", "]]>", "&bad;", "\0", "\uFFFF", "<testsuite>", "<?xml version='9'?>")
                .Select(Encoding.UTF8.GetBytes),
            ArbMap.Default.GeneratorFor<byte[]>());
        var noise = pieces.ListOf().SelectMany(parts => Gen.Choose(0, 200).Select(cut => parts.SelectMany(part => part).Skip(cut).ToArray()));

        Prop.ForAll(noise.ToArbitrary(), bytes =>
        {
            Assert.NotNull(TrxReport.Read(new MemoryStream(bytes)).Cases);
            Assert.NotNull(JUnitReport.Read(new MemoryStream(bytes)).Cases);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(1, 3));
    }

    [Fact]
    public void A_change_of_one_letter_never_makes_a_parser_throw()
    {
        foreach (var text in (string[])[Trx, JUnit])
        {
            for (var i = 0; i < text.Length; i += 3)
            {
                var changed = Bytes(text).ToArray();
                changed[i % changed.Length] = (byte)(i * 37);

                TrxReport.Read(new MemoryStream(changed));
                JUnitReport.Read(new MemoryStream(changed));
            }
        }
    }

    [Theory]
    [InlineData("dotnet test", "dotnet test --logger trx --results-directory \"$ORCHESTRATOR_RESULTS\"")]
    [InlineData("cd src && dotnet test App.sln -v q", "cd src && dotnet test --logger trx --results-directory \"$ORCHESTRATOR_RESULTS\" App.sln -v q")]
    [InlineData("dotnet test --logger console", "dotnet test --logger console")]
    [InlineData("echo dotnet test", "echo dotnet test")]
    [InlineData("dotnet testament", "dotnet testament")]
    [InlineData("python3 -m pytest -q", "python3 -m pytest --junitxml=\"$ORCHESTRATOR_RESULTS\"/pytest.xml -q")]
    [InlineData(".venv/bin/pytest", ".venv/bin/pytest --junitxml=\"$ORCHESTRATOR_RESULTS\"/pytest.xml")]
    [InlineData("npm test", "npm test")]
    public void Commands_that_are_known_are_told_to_write_a_report(string test, string expected) =>
        Assert.Equal(expected, TestCommand.For(new GitRepositoryOptions(".") { Test = test }, []).Text);

    [Theory]
    [InlineData("dotnet test App.sln", "dotnet test --logger trx --results-directory \"$ORCHESTRATOR_RESULTS\" App.sln --filter 'FullyQualifiedName=A.B|FullyQualifiedName=A.C\\=d'")]
    [InlineData("pytest -q", "pytest --junitxml=\"$ORCHESTRATOR_RESULTS\"/pytest.xml -q -k 'B or C=d'")]
    [InlineData("dotnet test | tee log", "dotnet test --logger trx --results-directory \"$ORCHESTRATOR_RESULTS\" | tee log")]
    [InlineData("npm test", "npm test")]
    public void A_subset_is_derived_where_the_command_is_plain_and_else_all_tests_run(string test, string expected) =>
        Assert.Equal(expected, TestCommand.For(new GitRepositoryOptions(".") { Test = test }, ["A.B(x: 1)", "A.B(x: 2)", "A.C=d"]).Text);

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
