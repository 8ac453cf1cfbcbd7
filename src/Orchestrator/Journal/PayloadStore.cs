using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Orchestrator;

/// <summary>Turns content into payloads and back: redacted, sealed where the host wants that, and beside the event where it is large.</summary>
/// <param name="journal">Keeps the blobs.</param>
/// <param name="run">The run they belong to.</param>
/// <param name="redactor">Takes secrets out.</param>
/// <param name="protector">Seals what is kept, where there is one.</param>
/// <param name="failed">Makes what is thrown of what the journal threw, so that a journal that fails is never taken for a worker that does.</param>
internal sealed class PayloadStore(IRunJournal journal, RunId run, Redactor redactor, IPayloadProtector? protector, Func<Exception, Exception>? failed = null)
{
    /// <summary>Content of more bytes than this is a blob.</summary>
    public const int InlineLimit = 4096;

    public ValueTask<Payload> KeepAsync(Payload payload, CancellationToken cancellationToken)
    {
        if (payload.IsNone || payload.Blob is not null || payload.IsProtected)
        {
            return ValueTask.FromResult(payload);
        }

        var content = payload.Inline;
        var bytes = JsonMarshal.GetRawUtf8Value(content);
        if (redactor.MayTouch(bytes))
        {
            content = redactor.Redact(content);
            bytes = JsonMarshal.GetRawUtf8Value(content);
        }

        return protector is null && bytes.Length <= InlineLimit
            ? ValueTask.FromResult(Payload.Of(content))
            : KeepAsync(bytes.ToArray(), cancellationToken);
    }

    public async ValueTask<JsonElement> ReadAsync(Payload payload, CancellationToken cancellationToken)
    {
        if (payload.Blob is null)
        {
            return payload.IsProtected ? Parse(Open(payload.Inline.GetBytesFromBase64())) : payload.Inline;
        }

        var blob = await GetAsync(payload.Blob, cancellationToken).ConfigureAwait(false)
            ?? throw new JournalCorruptException($"Run {run}: the journal has lost blob {payload.Blob}.");
        return Parse(payload.IsProtected ? Open(blob.Span) : blob);
    }

    private async ValueTask<Payload> KeepAsync(byte[] content, CancellationToken cancellationToken)
    {
        var isProtected = protector is not null;
        var stored = protector is null ? content : protector.Protect(content);
        if (stored.Length <= InlineLimit)
        {
            return isProtected ? Payload.Sealed(JsonSerializer.SerializeToElement(Convert.ToBase64String(stored), CoreJsonContext.Default.String)) : Payload.Of(Parse(stored));
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(stored));
        await PutAsync(hash, stored, cancellationToken).ConfigureAwait(false);
        return Payload.AsBlob(hash, content.Length, isProtected);
    }

    private async ValueTask PutAsync(string hash, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            await journal.PutBlobAsync(run, hash, content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (failed is not null && !cancellationToken.IsCancellationRequested)
        {
            throw failed(e);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> GetAsync(string hash, CancellationToken cancellationToken)
    {
        try
        {
            return await journal.GetBlobAsync(run, hash, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (failed is not null && !cancellationToken.IsCancellationRequested)
        {
            throw failed(e);
        }
    }

    private byte[] Open(ReadOnlySpan<byte> content) =>
        (protector ?? throw new OrchestratorException($"Run {run} was recorded with a payload protector; register the same one to read it.")).Unprotect(content);

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
