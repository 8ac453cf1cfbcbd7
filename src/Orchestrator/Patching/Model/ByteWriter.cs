namespace Orchestrator.Patching;

/// <summary>Gathers bytes whose number is nearly known, in memory that is not cleared first: clearing costs as much as copying.</summary>
internal sealed class ByteWriter(int size)
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(Math.Max(16, size));
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
            Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Grow(int more)
    {
        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, Math.Max((long)_length + more, 2L * _bytes.Length)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        _bytes = larger;
    }
}
