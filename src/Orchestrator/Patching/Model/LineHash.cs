using System.Numerics;
using System.Runtime.InteropServices;

namespace Orchestrator.Patching;

/// <summary>A fast 64-bit hash of a line. It only sorts out candidates: wherever equality matters the bytes are compared.</summary>
internal static class LineHash
{
    private const ulong Mix = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * Mix;
        while (bytes.Length >= 8)
        {
            hash = Step(hash, MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[8..];
        }
        ulong tail = 0;
        for (var i = 0; i < bytes.Length; i++)
            tail |= (ulong)bytes[i] << (8 * i);
        hash = Step(hash, tail);
        return hash ^ (hash >> 29);
    }

    private static ulong Step(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * Mix, 31) * 0xD6E8FEB86659FD93;
}
