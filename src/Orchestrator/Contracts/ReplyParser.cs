using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Contracts;

/// <summary>Takes a model's text apart into the one JSON envelope and the fenced sections beside it. No prose is parsed: it is set aside.</summary>
/// <remarks>Reads the text once, whatever it holds, and never throws.</remarks>
internal static class ReplyParser
{
    /// <summary>A text in which more objects begin than this is noise; to try them all would take too long.</summary>
    private const int MaxAttempts = 100;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = ContractReader.MaxDepth + 1 };

    /// <summary>Commas too many and comments leave no doubt about what is meant.</summary>
    private static readonly JsonReaderOptions Lenient = Options with { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static ParsedReply Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var start = SkipThinking(bytes);
        var found = new Found(bytes, start);
        foreach (var part in FenceScanner.Scan(bytes.AsSpan(start)))
        {
            if (part.Info is null)
            {
                found.SearchOutside(part);
            }
            else
            {
                found.TakeFence(part);
            }
        }

        return found.ToReply();
    }

    /// <summary>Some models show their reasoning in front of the reply, in a tag of its own.</summary>
    private static int SkipThinking(ReadOnlySpan<byte> text)
    {
        var start = text.StartsWith("\uFEFF"u8) ? 3 : 0;
        var lead = text[start..];
        var trimmed = lead.TrimStart(" \t\r\n"u8);
        if (!trimmed.StartsWith("<think>"u8) || trimmed.IndexOf("</think>"u8) is not (>= 0 and var end))
        {
            return start;
        }

        return text.Length - trimmed.Length + end + "</think>"u8.Length;
    }

    private sealed class Found(byte[] bytes, int offset)
    {
        private readonly List<(JsonElement Json, int Line)> _envelopes = [];
        private readonly List<Violation> _broken = [];
        private readonly List<Violation> _violations = [];
        private readonly List<string> _warnings = [];
        private readonly List<FencedSection> _sections = [];
        private readonly List<FencedSection> _loose = [];
        private int _prose;
        private int _attempts;

        /// <summary>Looks for a JSON object in text outside of fences: one that begins a line, or the first one at all.</summary>
        public void SearchOutside(FenceScanner.Part part)
        {
            var text = bytes.AsSpan(offset + part.Start, part.Length);
            var prose = 0;
            for (var at = 0; at < text.Length;)
            {
                var brace = text[at..].IndexOf((byte)'{');
                if (brace < 0)
                {
                    prose += Visible(text[at..]);
                    break;
                }

                prose += Visible(text.Slice(at, brace));
                at += brace;
                if (!BeginsObject(text[at..]))
                {
                    prose++;
                    at++;
                    continue;
                }

                var line = part.Line + text[..at].Count((byte)'\n');
                at += Math.Max(1, TryRead(text[at..], line));
            }

            _prose += prose;
        }

        public void TakeFence(FenceScanner.Part part)
        {
            var (language, name, hasLineEnd) = ReadInfo(part.Info!);
            var inside = bytes.AsSpan(offset + part.Start, part.Length);
            var isJson = language.Equals("json", StringComparison.OrdinalIgnoreCase) || (language.Length == 0 && BeginsObject(inside.TrimStart(" \t\r\n"u8)));
            if (isJson && name.Length == 0)
            {
                var lead = inside.Length - inside.TrimStart(" \t\r\n"u8).Length;
                var line = part.Line + 1 + inside[..lead].Count((byte)'\n');
                var read = TryRead(inside[lead..], line);
                if (!inside[(lead + read)..].Trim(" \t\r\n"u8).IsEmpty)
                {
                    _warnings.Add($"text after the JSON in the block at line {part.Line} was set aside");
                }

                return;
            }

            if (!hasLineEnd && inside is [.., (byte)'\n'])
            {
                inside = inside[..^(part.HasCarriageReturn && inside is [.., (byte)'\r', _] ? 2 : 1)];
            }

            var section = new FencedSection(name, language, Encoding.UTF8.GetString(inside), part.Line);
            if (!part.IsClosed)
            {
                _violations.Add(new Violation("$", $"the section {(name.Length == 0 ? "" : $"'{name}' ")}that is opened at line {part.Line} is never closed"));
            }

            if (name.Length > 0 && _sections.Exists(other => other.Name == name))
            {
                _violations.Add(new Violation("$", $"the section '{name}' is there twice, again at line {part.Line}"));
            }

            (name.Length > 0 ? _sections : _loose).Add(section);
        }

        public ParsedReply ToReply()
        {
            // One object said twice in the same words is no contradiction.
            var distinct = _envelopes.Where((each, index) => !_envelopes.Take(index).Any(earlier => JsonElement.DeepEquals(earlier.Json, each.Json))).Take(10).ToList();
            if (distinct.Count > 1)
            {
                _violations.Add(new Violation("$", $"there are several JSON objects, at lines {string.Join(", ", distinct.Select(each => each.Line))}; give exactly one"));
            }
            else if (distinct.Count == 1)
            {
                _warnings.AddRange(_broken.Select(broken => $"text that looks like JSON was set aside: {broken.Message}"));
            }
            else
            {
                _violations.AddRange(_broken);
                if (_broken.Count == 0)
                {
                    _violations.Add(new Violation("$", _prose == 0 && _sections.Count == 0 && _loose.Count == 0 ? "the reply is empty" : "there is no JSON object in the reply"));
                }
            }

            if (_prose > 0 && distinct.Count == 1)
            {
                _warnings.Add($"{_prose} characters of text around the JSON were set aside");
            }

            return new ParsedReply(distinct.Count == 1 ? distinct[0].Json : default, _sections, _loose, _violations, _warnings);
        }

        /// <summary>Reads one JSON object and says how many bytes were looked at; a broken one is not looked at again, so that reading stays linear.</summary>
        private int TryRead(ReadOnlySpan<byte> text, int line)
        {
            if (++_attempts > MaxAttempts)
            {
                return text.Length;
            }

            var reader = new Utf8JsonReader(text, isFinalBlock: true, new JsonReaderState(Options));
            try
            {
                if (JsonElement.TryParseValue(ref reader, out var json) && json is { ValueKind: JsonValueKind.Object } envelope)
                {
                    if (_envelopes.Count < 20)
                    {
                        _envelopes.Add((envelope, line));
                    }

                    return (int)reader.BytesConsumed;
                }

                AddBroken($"what stands at line {line} is not a JSON object");
                return Math.Min(text.Length, Math.Max(1, (int)reader.BytesConsumed));
            }
            catch (JsonException e)
            {
                if (TryReadLeniently(text, line, out var read))
                {
                    return read;
                }

                var position = Position(text, e);
                var (row, column) = (line + (int)(e.LineNumber ?? 0), (e.BytePositionInLine ?? 0) + 1);
                AddBroken(position >= text.Length
                    ? $"the JSON that begins at line {line} breaks off at line {row}, column {column}"
                    : $"the JSON that begins at line {line} is not well-formed at line {row}, column {column}: {Reason(e)}");
                return Math.Min(text.Length, Math.Max(1, position));
            }
        }

        private bool TryReadLeniently(ReadOnlySpan<byte> text, int line, out int read)
        {
            read = 0;
            try
            {
                var reader = new Utf8JsonReader(text, isFinalBlock: true, new JsonReaderState(Lenient));
                if (!JsonElement.TryParseValue(ref reader, out var json) || json is not { ValueKind: JsonValueKind.Object } envelope || _envelopes.Count >= 20)
                {
                    return false;
                }

                _envelopes.Add((WriteAnew(envelope), line));
                _warnings.Add($"the JSON that begins at line {line} had commas too many or comments; they were set aside");
                read = (int)reader.BytesConsumed;
                return true;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Half a surrogate pair cannot be written anew. The strict reader's words for it are the better ones.
                return false;
            }
        }

        /// <summary>An element keeps the text that it was read from; this one must be JSON to everybody.</summary>
        private static JsonElement WriteAnew(JsonElement json)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                json.WriteTo(writer);
            }

            return JsonElement.Parse(buffer.WrittenSpan);
        }

        private void AddBroken(string message)
        {
            if (_broken.Count < 5)
            {
                _broken.Add(new Violation("$", message));
            }
        }

        private static int Position(ReadOnlySpan<byte> text, JsonException exception)
        {
            var at = 0;
            for (var row = exception.LineNumber ?? 0; row > 0; row--)
            {
                at += text[at..].IndexOf((byte)'\n') + 1;
            }

            return (int)Math.Min(text.Length, at + (exception.BytePositionInLine ?? 0));
        }

        private static string Reason(JsonException exception)
        {
            var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return end < 0 ? exception.Message : exception.Message[..end];
        }

        private static bool BeginsObject(ReadOnlySpan<byte> text) =>
            text is [(byte)'{', ..] && text[1..].TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..];

        private static int Visible(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8).Length;

        private static (string Language, string Name, bool HasLineEnd) ReadInfo(string info)
        {
            var (language, name, hasLineEnd) = ("", "", true);
            for (var at = 0; at < info.Length;)
            {
                if (char.IsWhiteSpace(info[at]))
                {
                    at++;
                    continue;
                }

                var isFirst = at == 0;
                var word = Word(info, ref at);
                if (word.StartsWith("name=", StringComparison.Ordinal))
                {
                    name = word["name=".Length..].Trim('"');
                }
                else if (word == FencedSection.NoLineEnd)
                {
                    hasLineEnd = false;
                }
                else if (isFirst)
                {
                    language = word;
                }
            }

            return (language, name, hasLineEnd);
        }

        private static string Word(string info, ref int at)
        {
            var start = at;
            var isQuoted = false;
            for (; at < info.Length && (isQuoted || !char.IsWhiteSpace(info[at])); at++)
            {
                isQuoted ^= info[at] == '"';
            }

            return info[start..at];
        }
    }
}
