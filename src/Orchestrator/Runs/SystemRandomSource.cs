namespace Orchestrator;

internal sealed class SystemRandomSource(TimeProvider time) : IRandomSource
{
#pragma warning disable RS0030 // The one place where the system's randomness enters.
    public Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    public double NextUnit() => Random.Shared.NextDouble();
#pragma warning restore RS0030
}
