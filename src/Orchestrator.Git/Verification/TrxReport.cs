using System.Xml;

namespace Orchestrator;

/// <summary>Reads the TRX files of <c>dotnet test</c>.</summary>
internal static class TrxReport
{
    public static Report Read(Stream stream)
    {
        var results = new List<Result>();
        var definitions = new Dictionary<string, (string Class, string Method)>(StringComparer.Ordinal);
        var problem = Report.ReadAll(stream, reader => ReadFile(reader, results, definitions));

        // Rows of a data-driven test are results of their own; the one around them only sums them up.
        return new Report([.. results.Where(result => !result.HasInner).Select(result => new TestReport.Case(
            IdOf(result, definitions.GetValueOrDefault(result.Definition)),
            OutcomeOf(result.Outcome),
            OutcomeOf(result.Outcome) == TestReport.CaseResult.Failed ? Report.Message(result.Message, result.Stack) : ""))], problem);
    }

    private static void ReadFile(XmlReader reader, List<Result> results, Dictionary<string, (string Class, string Method)> definitions)
    {
        var open = new Stack<Result>();
        var definition = "";
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "UnitTestResult" && open.Count > 0)
            {
                open.Pop();
            }
            else if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (reader.LocalName)
            {
                case "UnitTestResult" when reader.NodeType == XmlNodeType.Element:
                    var result = new Result(reader.GetAttribute("testId") ?? "", reader.GetAttribute("testName") ?? "", reader.GetAttribute("outcome") ?? "");
                    results.Add(result);
                    foreach (var outer in open)
                    {
                        outer.HasInner = true;
                    }

                    if (!reader.IsEmptyElement)
                    {
                        open.Push(result);
                    }

                    break;
                case "Message" when open.Count > 0 && !reader.IsEmptyElement:
                    open.Peek().Message += ReadText(reader);
                    break;
                case "StackTrace" when open.Count > 0 && !reader.IsEmptyElement:
                    open.Peek().Stack += ReadText(reader);
                    break;
                case "UnitTest":
                    definition = reader.GetAttribute("id") ?? "";
                    break;
                case "TestMethod":
                    definitions[definition] = ((reader.GetAttribute("className") ?? "").Split(',')[0], reader.GetAttribute("name") ?? "");
                    break;
            }
        }
    }

    // Leaves the reader on the end element, so that the loop's next step goes on behind it.
    private static string ReadText(XmlReader reader)
    {
        var text = "";
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            text += reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace ? reader.Value : "";
        }

        return text;
    }

    // Runners write the class into the name or leave it out; names chosen by hand say nothing of either.
    private static string IdOf(Result result, (string? Class, string? Method) definition)
    {
        var (type, method) = (definition.Class ?? "", definition.Method ?? "");
        var bare = method.StartsWith(type + ".", StringComparison.Ordinal) ? method[(type.Length + 1)..] : method;
        bare = bare.IndexOf('(', StringComparison.Ordinal) is > 0 and var arguments ? bare[..arguments] : bare;
        return type.Length == 0 || result.Name.StartsWith(type + ".", StringComparison.Ordinal) ? result.Name
            : bare.Length == 0 || result.Name.StartsWith(bare, StringComparison.Ordinal) ? $"{type}.{result.Name}"
            : $"{type}.{bare}({result.Name})";
    }

    private static TestReport.CaseResult OutcomeOf(string outcome) => outcome switch
    {
        "Passed" or "PassedButRunAborted" or "Completed" or "Warning" => TestReport.CaseResult.Passed,
        "NotExecuted" or "NotRunnable" or "Inconclusive" or "Pending" => TestReport.CaseResult.Skipped,
        _ => TestReport.CaseResult.Failed,
    };

    private sealed class Result(string definition, string name, string outcome)
    {
        public string Definition => definition;

        public string Name => name;

        public string Outcome => outcome;

        public bool HasInner { get; set; }

        public string Message { get; set; } = "";

        public string Stack { get; set; } = "";
    }
}
