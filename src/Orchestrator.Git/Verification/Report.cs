using System.Text;
using System.Xml;

namespace Orchestrator;

/// <summary>The tests that one report file lists, and why it could not be read to its end where it could not.</summary>
internal sealed record Report(IReadOnlyList<TestReport.Case> Cases, string? Problem)
{
    /// <summary>Whether it is a report at all, and not some other file in the same form.</summary>
    public bool IsReport { get; init; } = true;

    /// <summary>Reports come from whatever the tests are: no entity, no foreign file, no endless text.</summary>
    public static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        CheckCharacters = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = 256L * 1024 * 1024,
    };

    private const int LongestMessage = 4000;
    private const int StackLines = 12;

    /// <summary>A failure's message followed by the beginning of its stack trace, within bounds.</summary>
    public static string Message(string message, string stack)
    {
        var lines = stack.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(StackLines);
        var text = string.Join('\n', ((IEnumerable<string>)[message.ReplaceLineEndings("\n").Trim(), .. lines.Select(line => line.TrimEnd())]).Where(line => line.Length > 0));
        return text.Length <= LongestMessage ? text : text[..(char.IsHighSurrogate(text[LongestMessage - 1]) ? LongestMessage - 1 : LongestMessage)] + " ...";
    }

    /// <summary>Reads until the end or the first error; what was read before it is kept by the caller.</summary>
    /// <returns>Why it ended early, or <see langword="null"/>.</returns>
    public static string? ReadAll(Stream stream, Action<XmlReader> read)
    {
        try
        {
            using var reader = XmlReader.Create(stream, Settings);
            read(reader);
            return null;
        }
        catch (Exception failure) when (failure is XmlException or InvalidOperationException or ArgumentException or DecoderFallbackException)
        {
            return failure.Message;
        }
    }
}
