namespace Orchestrator.Testing;

/// <summary>Ids and chance out of one seed: the same seed gives the same run.</summary>
/// <remarks>Safe for concurrent use; but who gets which value then depends on who asks first.</remarks>
/// <param name="seed">Where to start.</param>
public sealed class SeededRandomSource(int seed) : IRandomSource
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate)
        {
            _random.NextBytes(bytes);
        }

        // The marks of a random UUID (version 4, variant 1), so that nobody who looks closely is surprised.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <inheritdoc/>
    public double NextUnit()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
