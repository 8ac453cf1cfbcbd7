using System.ClientModel.Primitives;

namespace Orchestrator;

/// <summary>Puts the API's version into the address and the key into a header of its own, as Azure-style endpoints want it.</summary>
internal sealed class AzurePolicy(string version, string key) : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Stamp(message);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Stamp(message);
        await ProcessNextAsync(message, pipeline, currentIndex).ConfigureAwait(false);
    }

    private void Stamp(PipelineMessage message)
    {
        message.Request.Headers.Remove("Authorization");
        message.Request.Headers.Set("api-key", key);
        if (message.Request.Uri is { } uri && !uri.Query.Contains("api-version=", StringComparison.OrdinalIgnoreCase))
        {
            message.Request.Uri = new UriBuilder(uri) { Query = $"{uri.Query.TrimStart('?')}{(uri.Query.Length > 1 ? "&" : "")}api-version={Uri.EscapeDataString(version)}" }.Uri;
        }
    }
}
