using System.Text;

namespace Orchestrator.Tests.Engine;

/// <summary>Seals payloads in a way that anybody who reads them as they are would notice.</summary>
internal sealed class Backwards : IPayloadProtector
{
    public byte[] Protect(ReadOnlySpan<byte> content) => Encoding.UTF8.GetBytes(Convert.ToBase64String(content));

    public byte[] Unprotect(ReadOnlySpan<byte> content) => Convert.FromBase64String(Encoding.UTF8.GetString(content));
}
