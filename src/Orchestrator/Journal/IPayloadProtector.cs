namespace Orchestrator;

/// <summary>Seals what a journal keeps of source code and model replies, for hosts whose journals must not hold them in the clear.</summary>
/// <remarks>Safe for concurrent use. <see cref="Unprotect"/> must undo <see cref="Protect"/> for as long as the journal is kept.</remarks>
public interface IPayloadProtector
{
    /// <summary>Seals a payload before it is appended.</summary>
    byte[] Protect(ReadOnlySpan<byte> content);

    /// <summary>Opens a sealed payload.</summary>
    byte[] Unprotect(ReadOnlySpan<byte> content);
}
