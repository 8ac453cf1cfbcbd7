using System.IO.Compression;

namespace Orchestrator.Patching;

/// <summary>A <c>GIT binary patch</c>: base 85 over zlib, each block the content itself or a delta against the other side (git's <c>Documentation/gitformat-pack</c>, "Deltified representation").</summary>
internal sealed record BinaryDelta(BinaryDelta.Block Forward, BinaryDelta.Block? Backward)
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

    private static readonly sbyte[] _digits = MakeDigits();

    /// <summary>Reads the one or two blocks after the <c>GIT binary patch</c> line and returns the line behind them.</summary>
    public static int Read(PatchText text, int at, string path, out BinaryDelta? binary)
    {
        binary = null;
        var start = at;
        at = ReadBlock(text, at, path, out var forward);
        if (forward is null)
        {
            if (text.Problems.Count == 0 || text.Problems[^1].PatchLine <= start)
                text.Fail(PatchResult.Reject.Codes.Malformed, path, start, "The binary data cannot be read.");
            return at;
        }
        Block? backward = null;
        if (text.StartsWith(at, "literal "u8) || text.StartsWith(at, "delta "u8))
        {
            var before = text.Problems.Count;
            at = ReadBlock(text, at, path, out backward);
            if (text.Problems.Count > before)
                return at;
        }
        binary = new(forward, backward);
        return at;
    }

    /// <summary>Writes content as a literal block.</summary>
    public static void WriteLiteral(Stream output, ReadOnlySpan<byte> content) => Write(output, "literal", content);

    public static void WriteBlock(Stream output, Block block) => Write(output, block.IsDelta ? "delta" : "literal", block.Data);

    private static void Write(Stream output, string kind, ReadOnlySpan<byte> content)
    {
        output.Write(System.Text.Encoding.ASCII.GetBytes($"{kind} {content.Length}\n"));
        using var packed = new MemoryStream();
        // The platform writes no stream at all for no content, where git wants an empty one.
        if (content.IsEmpty)
            packed.Write([0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(content);
        Span<byte> five = stackalloc byte[5];
        var bytes = packed.GetBuffer().AsSpan(0, (int)packed.Length);
        for (var i = 0; i < bytes.Length; i += 52)
        {
            var chunk = bytes[i..Math.Min(i + 52, bytes.Length)];
            output.WriteByte((byte)(chunk.Length <= 26 ? 'A' + chunk.Length - 1 : 'a' + chunk.Length - 27));
            for (var j = 0; j < chunk.Length; j += 4)
            {
                uint word = 0;
                for (var k = 0; k < 4; k++)
                    word = (word << 8) | (j + k < chunk.Length ? chunk[j + k] : 0u);
                for (var k = 4; k >= 0; k--, word /= 85)
                    five[k] = (byte)Alphabet[(int)(word % 85)];
                output.Write(five);
            }
            output.WriteByte((byte)'\n');
        }
        output.WriteByte((byte)'\n');
    }

    public BinaryDelta? Reverse() => Backward is null ? null : new(Backward, Forward);

    private static int ReadBlock(PatchText text, int at, string path, out Block? block)
    {
        block = null;
        var header = text.Header(at);
        var isDelta = header.StartsWith("delta "u8);
        if ((!isDelta && !header.StartsWith("literal "u8)) || !int.TryParse(header[(isDelta ? 6 : 8)..], System.Globalization.NumberStyles.None, null, out var size))
        {
            var tooLarge = isDelta || header.StartsWith("literal "u8);
            text.Fail(tooLarge ? PatchResult.Reject.Codes.LimitExceeded : PatchResult.Reject.Codes.Malformed, path, at, "The binary data does not begin with 'literal' or 'delta' and a sensible size.");
            return at;
        }
        if (size > text.Options.Limit.InflatedBytes - text.InflatedBytes)
        {
            text.Fail(PatchResult.Reject.Codes.LimitExceeded, path, at, "The binary data is larger than the limit for inflated contents.");
            return SkipData(text, at + 1);
        }
        var first = at++;
        using var packed = new MemoryStream();
        for (; at < text.Count && !text.Header(at).IsEmpty; at++)
        {
            if (!TryDecodeLine(text.Header(at), packed))
            {
                text.Fail(PatchResult.Reject.Codes.Malformed, path, at, "A line of the binary data is not base 85.");
                return SkipData(text, at);
            }
        }
        if (at < text.Count)
            at++;
        text.InflatedBytes += size;
        var content = Inflate(packed, size);
        if (content is null)
            text.Fail(PatchResult.Reject.Codes.Malformed, path, first, "The binary data does not inflate to the size it states.");
        else
            block = new(isDelta, content);
        return at;
    }

    private static int SkipData(PatchText text, int at)
    {
        while (at < text.Count && !text.Header(at).IsEmpty)
            at++;
        return at;
    }

    private static byte[]? Inflate(MemoryStream packed, int size)
    {
        packed.Position = 0;
        // The size was checked against the limit; reading one byte more than it proves that nothing is hidden behind.
        var content = new byte[size];
        try
        {
            using var zlib = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
            return zlib.ReadAtLeast(content, size, throwOnEndOfStream: false) == size && zlib.ReadByte() < 0 ? content : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static bool TryDecodeLine(ReadOnlySpan<byte> line, MemoryStream output)
    {
        if (line.Length < 6)
            return false;
        var length = line[0] switch
        {
            >= (byte)'A' and <= (byte)'Z' => line[0] - 'A' + 1,
            >= (byte)'a' and <= (byte)'z' => line[0] - 'a' + 27,
            _ => 0,
        };
        var digits = line[1..];
        if (length == 0 || digits.Length != (length + 3) / 4 * 5)
            return false;
        for (var i = 0; i < digits.Length; i += 5)
        {
            ulong word = 0;
            for (var k = 0; k < 5; k++)
            {
                var digit = digits[i + k] < 128 ? _digits[digits[i + k]] : (sbyte)-1;
                if (digit < 0)
                    return false;
                word = (word * 85) + (ulong)digit;
            }
            if (word > uint.MaxValue)
                return false;
            for (var k = 3; k >= 0 && length > 0; k--, length--)
                output.WriteByte((byte)(word >> (8 * k)));
        }
        return true;
    }

    private static sbyte[] MakeDigits()
    {
        var digits = new sbyte[128];
        Array.Fill(digits, (sbyte)-1);
        for (var i = 0; i < Alphabet.Length; i++)
            digits[Alphabet[i]] = (sbyte)i;
        return digits;
    }

    /// <summary>One direction: the content itself, or instructions that build it from the other side.</summary>
    internal sealed record Block(bool IsDelta, byte[] Data)
    {
        /// <summary>The result, or null when the delta does not fit the source or exceeds the limit.</summary>
        public byte[]? Build(ReadOnlySpan<byte> source, int limit)
        {
            if (!IsDelta)
                return Data;
            var at = 0;
            if (!TrySize(ref at, out var sourceSize) || !TrySize(ref at, out var targetSize) || sourceSize != source.Length || targetSize > limit)
                return null;
            var target = new byte[targetSize];
            var filled = 0;
            while (at < Data.Length)
            {
                var op = Data[at++];
                ReadOnlySpan<byte> piece;
                if ((op & 0x80) == 0)
                {
                    if (op == 0 || op > Data.Length - at)
                        return null;
                    piece = Data.AsSpan(at, op);
                    at += op;
                }
                else
                {
                    if (!TryOperands(op, ref at, out var offset, out var size) || offset + size > source.Length)
                        return null;
                    piece = source.Slice((int)offset, (int)size);
                }
                if (piece.Length > targetSize - filled)
                    return null;
                piece.CopyTo(target.AsSpan(filled));
                filled += piece.Length;
            }
            return filled == targetSize ? target : null;
        }

        private bool TryOperands(byte op, ref int at, out long offset, out long size)
        {
            (offset, size) = (0, 0);
            for (var bit = 0; bit < 7; bit++)
            {
                if ((op & (1 << bit)) == 0)
                    continue;
                if (at >= Data.Length)
                    return false;
                if (bit < 4)
                    offset |= (long)Data[at++] << (8 * bit);
                else
                    size |= (long)Data[at++] << (8 * (bit - 4));
            }
            if (size == 0)
                size = 0x10000;
            return true;
        }

        private bool TrySize(ref int at, out long size)
        {
            size = 0;
            for (var shift = 0; shift < 35; shift += 7)
            {
                if (at >= Data.Length)
                    return false;
                var b = Data[at++];
                size |= (long)(b & 0x7f) << shift;
                if ((b & 0x80) == 0)
                    return true;
            }
            return false;
        }
    }
}
