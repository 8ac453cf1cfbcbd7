using System.Runtime.InteropServices;

namespace Orchestrator.Patching;

/// <summary>A fast 64-bit hash of a line. It only sorts out candidates: wherever equality matters the bytes are compared.</summary>
internal static class LineHash
{
    private const ulong Left = 0x9E3779B97F4A7C15;
    private const ulong Right = 0xD6E8FEB86659FD93;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * Left;
        for (; bytes.Length >= 16; bytes = bytes[16..])
            hash = Fold(MemoryMarshal.Read<ulong>(bytes) ^ hash ^ Left, MemoryMarshal.Read<ulong>(bytes[8..]) ^ Right);
        if (bytes.Length >= 8)
            return Fold(MemoryMarshal.Read<ulong>(bytes) ^ hash ^ Left, MemoryMarshal.Read<ulong>(bytes[^8..]) ^ Right);
        if (bytes.Length >= 4)
            return Fold(MemoryMarshal.Read<uint>(bytes) ^ hash ^ Left, MemoryMarshal.Read<uint>(bytes[^4..]) ^ Right);
        ulong tail = 0;
        foreach (var b in bytes)
            tail = (tail << 8) | b;
        return Fold(tail ^ hash ^ Left, Right);
    }

    /// <summary>A hash of the length and both ends alone: enough to see that most lines are not looked for.</summary>
    public static ulong Sample(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return Of(bytes);
        var ends = (MemoryMarshal.Read<ulong>(bytes) * Left) ^ ((MemoryMarshal.Read<ulong>(bytes[^8..]) + (ulong)bytes.Length) * Right);
        return (ends ^ (ends >> 32)) * Left;
    }

    /// <summary>Both halves of the product, so that every bit of either side reaches every bit of the result.</summary>
    private static ulong Fold(ulong left, ulong right) => Math.BigMul(left, right, out var low) ^ low;
}
