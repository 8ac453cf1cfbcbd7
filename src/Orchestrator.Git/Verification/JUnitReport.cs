using System.Xml;

namespace Orchestrator;

/// <summary>Reads the JUnit XML of pytest, jest, Gradle, Maven, Go's converters and others, which agree on little more than the element names.</summary>
internal static class JUnitReport
{
    public static Report Read(Stream stream)
    {
        var cases = new List<TestReport.Case>();
        var root = "";
        var problem = Report.ReadAll(stream, reader => ReadFile(reader, cases, ref root));

        // A folder of results may hold other XML; only what calls itself a suite is a report, and only that can be a broken one.
        return new Report(cases, problem) { IsReport = root is "testsuites" or "testsuite" or "" };
    }

    private static void ReadFile(XmlReader reader, List<TestReport.Case> cases, ref string root)
    {
        var suites = new Stack<string>();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && root.Length == 0)
            {
                root = reader.LocalName;
            }

            switch (reader.NodeType, reader.LocalName)
            {
                case (XmlNodeType.Element, "testsuite") when !reader.IsEmptyElement:
                    suites.Push(reader.GetAttribute("name") ?? "");
                    break;
                case (XmlNodeType.EndElement, "testsuite") when suites.Count > 0:
                    suites.Pop();
                    break;
                case (XmlNodeType.Element, "testcase"):
                    cases.Add(ReadCase(reader, suites.Count > 0 ? suites.Peek() : ""));
                    break;
            }
        }
    }

    private static TestReport.Case ReadCase(XmlReader reader, string suite)
    {
        var (type, name) = (reader.GetAttribute("classname") ?? "", reader.GetAttribute("name") ?? "");
        var outcome = reader.GetAttribute("status") is "skipped" or "disabled" or "notrun" ? TestReport.CaseResult.Skipped : TestReport.CaseResult.Passed;
        var (message, details) = ("", "");
        if (!reader.IsEmptyElement)
        {
            var depth = reader.Depth;
            var inFailure = false;
            while (reader.Read() && reader.Depth > depth)
            {
                if (reader.Depth == depth + 1 && reader.NodeType == XmlNodeType.Element)
                {
                    inFailure = reader.LocalName is "failure" or "error";
                    if (inFailure)
                    {
                        outcome = TestReport.CaseResult.Failed;
                        message = message.Length > 0 ? message : reader.GetAttribute("message") ?? "";
                    }
                    else if (reader.LocalName is "skipped" && outcome != TestReport.CaseResult.Failed)
                    {
                        outcome = TestReport.CaseResult.Skipped;
                    }
                }
                else if (inFailure && details.Length < 64 * 1024 && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    details += reader.Value;
                }
            }
        }

        var id = type.Length == 0 ? (suite.Length == 0 ? name : $"{suite}.{name}")
            : name.StartsWith(type, StringComparison.Ordinal) ? name
            : name.Length == 0 ? type
            : $"{type}.{name}";
        return new TestReport.Case(id, outcome, outcome == TestReport.CaseResult.Failed ? Report.Message(message, details) : "");
    }
}
